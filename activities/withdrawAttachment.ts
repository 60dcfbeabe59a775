import { activityInfo } from '@temporalio/activity'
import { withDistrict } from '../db/openDatabase.ts'
import { withdrawAttachment } from '../db/queries/withdrawAttachment.ts'
import { rescanAttachmentId, type RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'
import type { RescanFinding } from './lookAgain.ts'
import { rememberUnplaced } from './withdrawKnownBad.ts'

/** Takes a file back that was clean: before anything else, so that nobody begins to download it from this commit on. What its uploader took back meanwhile is known as bad all the same. */
export const createWithdrawAttachment =
  (deps: Pick<AttachmentDeps, 'app' | 'sweeper' | 'attachmentsQueue'>) =>
  async (
    { districtId, attachmentId, databaseVersion }: RescanRef,
    finding: RescanFinding,
  ): Promise<{ outcome: 'withdrawn' } | Superseded> => {
    const withdrawnBy = activityInfo().workflowExecution?.workflowId ?? rescanAttachmentId(attachmentId, databaseVersion)
    const isWithdrawn = await withDistrict(deps.app, districtId, (tx) => withdrawAttachment(tx, attachmentId, { ...finding, withdrawnBy }))
    if (isWithdrawn) return { outcome: 'withdrawn' }
    await rememberUnplaced(deps, districtId, finding)
    return { outcome: 'superseded' }
  }
