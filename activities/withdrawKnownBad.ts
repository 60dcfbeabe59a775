import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { operationsDistrictId } from '../db/operationsDistrict.ts'
import { findBadHash } from '../db/queries/findBadHash.ts'
import { listSameBytes } from '../db/queries/listSameBytes.ts'
import { rememberBadHash } from '../db/queries/rememberBadHash.ts'
import { askForWithdrawal } from './askForWithdrawal.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'

type KnownBadDeps = Pick<AttachmentDeps, 'app' | 'sweeper' | 'attachmentsQueue'>

/** So many are asked for here. The run of each asks for all the others, so that one of them that is deleted meanwhile holds nothing up. */
const firstCopies = 10

/**
 * Asks for the withdrawal of clean files of these bytes, in whichever district, when the bytes are known as bad. Call it behind the commit that
 * makes a hash known or a file clean: then one of the two sees the other. `sha256` is lower-case hex.
 */
export const withdrawKnownBad = async (deps: KnownBadDeps, sha256: string): Promise<void> => {
  const copies = await acrossDistricts(deps.sweeper, async (tx) =>
    (await findBadHash(tx, sha256)) === null ? [] : listSameBytes(tx, sha256, { after: null, limit: firstCopies }),
  )
  for (const copy of copies) await askForWithdrawal(deps, copy)
}

/**
 * Remembers what was found in a file that its uploader took back meanwhile, so that nobody places it: the bytes are as bad as they were, and copies of
 * them are withdrawn all the same. Safe to call twice. Our own test virus is another one every time.
 */
export const rememberUnplaced = async (
  deps: KnownBadDeps,
  districtId: string,
  { sha256, signature, engine, databaseVersion }: Pick<Inspection, 'sha256' | 'signature' | 'engine' | 'databaseVersion'>,
): Promise<void> => {
  if (districtId === operationsDistrictId || signature === null || engine === null || databaseVersion === null) return
  await withDistrict(deps.app, districtId, (tx) => rememberBadHash(tx, { sha256, signature, engine, databaseVersion }))
  await withdrawKnownBad(deps, sha256)
}
