import { withDistrict } from '../db/openDatabase.ts'
import { findScanWork, type ScanWork } from '../db/queries/findScanWork.ts'
import type { AttachmentState } from '../domain/attachment.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'

/** States in which nobody will read the incoming bytes again. Not `failed`: its replay reads them. */
const finishedStates: readonly AttachmentState[] = ['clean', 'quarantined', 'refused', 'expired', 'deleted']

const isFinishedWith = (work: ScanWork, attempt: number): boolean =>
  finishedStates.includes(work.state) || (work.state === 'scanning' && work.attempt === attempt && work.verdict !== null)

/** Deletes every version of the uploaded key, the pinned one and whatever was uploaded besides, once nobody needs them. */
export const createRemoveIncoming =
  ({ app, incoming }: Pick<AttachmentDeps, 'app' | 'incoming'>) =>
  async (ref: AttachmentRef): Promise<{ outcome: 'removed'; versions: number } | Superseded> => {
    const work = await withDistrict(app, ref.districtId, (tx) => findScanWork(tx, ref.attachmentId))
    if (work === null || !isFinishedWith(work, ref.attempt)) return { outcome: 'superseded' }
    return { outcome: 'removed', versions: await incoming.deleteAllVersions(work.incomingKey) }
  }
