import { withDistrict } from '../db/openDatabase.ts'
import { findScanWork } from '../db/queries/findScanWork.ts'
import { noteFinding } from '../db/queries/noteFinding.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'

/**
 * Writes malware down at the moment at which it is found: a worker that dies before its answer arrives takes nothing along that `recallFinding` does not give
 * back. Of anything else than malware it keeps nothing.
 */
export const keepFinding = async ({ app }: Pick<AttachmentDeps, 'app'>, ref: AttachmentRef, inspection: Inspection): Promise<void> => {
  const { verdict, sha256, signature, engine, databaseVersion } = inspection
  if (verdict !== 'infected' || signature === null || engine === null || databaseVersion === null) return
  await withDistrict(app, ref.districtId, (tx) => noteFinding(tx, ref, { sha256, signature, engine, databaseVersion }))
}

/**
 * What an earlier try of this attempt found in a file that was deleted since, so that there is nothing left to look at again: it was sent all the
 * same, and the engineers hear of it. Null when nothing was found.
 */
export const recallFinding = async ({ app }: Pick<AttachmentDeps, 'app'>, ref: AttachmentRef): Promise<Inspection | null> => {
  const work = await withDistrict(app, ref.districtId, (tx) => findScanWork(tx, ref.attachmentId))
  if (work === null || work.state !== 'deleted' || work.attempt !== ref.attempt || work.verdict !== null) return null
  const { signature, engine, databaseVersion, sha256, bytes } = work
  if (signature === null || sha256 === null) return null
  const found = { signature, engine, databaseVersion, sha256: sha256.toString('hex'), bytes }
  return { ...found, verdict: 'infected', refusalReason: null, sniffedType: null }
}
