import { withDistrict } from '../db/openDatabase.ts'
import { pinVersion } from '../db/queries/pinVersion.ts'
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
 * after it, is another version and changes nothing.
 */
export const createPinVersion =
  ({ app, incoming }: Pick<AttachmentDeps, 'app' | 'incoming'>) =>
  async (ref: AttachmentRef): Promise<PinAnswer> => {
    const work = await loadScanWork(app, ref)
    if (work === null) return { outcome: 'superseded' }
    if (work.verdict !== null) return { outcome: 'placed', inspection: toInspection(work) }
    if (work.incomingVersionId !== null) return { outcome: 'pinned', versionId: work.incomingVersionId }
    const oldest = (await incoming.listVersions(work.incomingKey)).at(-1)
    if (oldest === undefined) return { outcome: 'no-object' }
    const pinned = await withDistrict(app, ref.districtId, (tx) => pinVersion(tx, { ...ref, versionId: oldest.versionId }))
    return pinned ? { outcome: 'pinned', versionId: oldest.versionId } : { outcome: 'superseded' }
  }
