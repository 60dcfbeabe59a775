import { acrossDistricts } from '../db/openDatabase.ts'
import { findBadHash } from '../db/queries/findBadHash.ts'
import type { ScanAnswer } from '../domain/ports.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'

/**
 * The engine's answer, unless these very bytes were found bad before, in whichever district: then that finding stands, whatever the engine says
 * now. `sha256` is lower-case hex.
 */
export const recallBadHash = async (
  { sweeper }: Pick<AttachmentDeps, 'sweeper'>,
  answer: ScanAnswer,
  sha256: string,
): Promise<ScanAnswer> => {
  if (answer.result === 'found') return answer
  const known = await acrossDistricts(sweeper, (tx) => findBadHash(tx, sha256))
  if (known === null) return answer
  const { signature, engine, databaseVersion } = known
  return { result: 'found', signature, engine: { engine, databaseVersion } }
}
