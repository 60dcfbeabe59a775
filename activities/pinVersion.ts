import { withDistrict } from '../db/openDatabase.ts'
import { pinVersion } from '../db/queries/pinVersion.ts'
import { unpinVersion } from '../db/queries/unpinVersion.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection, Superseded } from './inspection.ts'
import { loadScanWork } from './loadScanWork.ts'
import { toInspection } from './toInspection.ts'

export type PinAnswer =
  | { outcome: 'pinned'; versionId: string }
  /** An earlier attempt got as far as placing the object: only the last steps are left. */
  | { outcome: 'placed'; inspection: Inspection }
  | { outcome: 'no-object' }
  | Superseded

/**
 * Fixes which bytes this attachment is: the oldest version of its key. Whatever is uploaded to the key later, during the scan or
 * after it, is another version and changes nothing. A scan that failed before and is replayed when its bytes are gone has no object any more.
 */
export const createPinVersion =
  ({ app, incoming }: Pick<AttachmentDeps, 'app' | 'incoming'>) =>
  async (ref: AttachmentRef): Promise<PinAnswer> => {
    const work = await loadScanWork(app, ref)
    if (work === null) return { outcome: 'superseded' }
    if (work.verdict !== null) return { outcome: 'placed', inspection: toInspection(work) }
    const { incomingVersionId } = work
    if (incomingVersionId !== null && ref.attempt === 1) return { outcome: 'pinned', versionId: incomingVersionId }
    const oldest = (await incoming.listVersions(work.incomingKey)).at(-1)
    if (incomingVersionId !== null) {
      const isOver =
        oldest === undefined &&
        (await withDistrict(app, ref.districtId, (tx) => unpinVersion(tx, { ...ref, versionId: incomingVersionId })))
      return isOver ? { outcome: 'no-object' } : { outcome: 'pinned', versionId: incomingVersionId }
    }
    if (oldest === undefined) return { outcome: 'no-object' }
    const pinned = await withDistrict(app, ref.districtId, (tx) => pinVersion(tx, { ...ref, versionId: oldest.versionId }))
    return pinned ? { outcome: 'pinned', versionId: oldest.versionId } : { outcome: 'superseded' }
  }
