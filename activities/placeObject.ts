import { withDistrict } from '../db/openDatabase.ts'
import { placeVerdict, type PlacedVerdict } from '../db/queries/placeVerdict.ts'
import type { ObjectBucket } from '../domain/ports.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection, Superseded } from './inspection.ts'
import { findOwnWork } from './loadScanWork.ts'
import { discardEncrypted } from './storeEncrypted.ts'
import { toInspection } from './toInspection.ts'

/** The inspection is the one that the row now holds. */
export type Placing = { outcome: 'placed'; inspection: Inspection } | Superseded

/** What is written beside every verdict. */
export const toPlacedFindings = (inspection: Inspection) => ({
  signature: inspection.signature,
  engine: inspection.engine,
  databaseVersion: inspection.databaseVersion,
  sha256: inspection.sha256,
  sniffedType: inspection.sniffedType,
})

/**
 * Lets the row's compare-and-set pick the winner among tries that may run at once. A loser removes the object it wrote; what
 * counts is then what the row says.
 */
export const placeObject = async (
  { app }: Pick<AttachmentDeps, 'app'>,
  ref: AttachmentRef,
  placed: PlacedVerdict,
  written: { bucket: ObjectBucket; objectKey: string } | null,
): Promise<Placing> => {
  const { isWinner, work } = await withDistrict(app, ref.districtId, async (tx) => ({
    isWinner: await placeVerdict(tx, ref.attachmentId, ref.attempt, placed),
    work: await findOwnWork(tx, ref),
  }))
  if (!isWinner && written !== null) await discardEncrypted({ app }, { districtId: ref.districtId, ...written })
  return work === null || work.verdict === null ? { outcome: 'superseded' } : { outcome: 'placed', inspection: toInspection(work) }
}
