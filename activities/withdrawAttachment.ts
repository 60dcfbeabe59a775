import { activityInfo } from '@temporalio/activity'
import { withDistrict } from '../db/openDatabase.ts'
import { withdrawAttachment } from '../db/queries/withdrawAttachment.ts'
import { rescanAttachmentId, type RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'
import type { RescanFinding } from './lookAgain.ts'

/** Takes a file back that was clean: before anything else, so that nobody begins to download it from this commit on. */
export const createWithdrawAttachment =
  ({ app }: Pick<AttachmentDeps, 'app'>) =>
  async (
    { districtId, attachmentId, databaseVersion }: RescanRef,
    finding: RescanFinding,
  ): Promise<{ outcome: 'withdrawn' } | Superseded> => {
    const withdrawnBy = activityInfo().workflowExecution?.workflowId ?? rescanAttachmentId(attachmentId, databaseVersion)
    const isWithdrawn = await withDistrict(app, districtId, (tx) => withdrawAttachment(tx, attachmentId, { ...finding, withdrawnBy }))
    return { outcome: isWithdrawn ? 'withdrawn' : 'superseded' }
  }
