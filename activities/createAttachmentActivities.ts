import { createAlertInfected } from './alertInfected.ts'
import { createAlertWithdrawn } from './alertWithdrawn.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { createCloseAttachment } from './closeAttachment.ts'
import { createPinVersion } from './pinVersion.ts'
import { createReadPace } from './readPace.ts'
import { createRecordFailure } from './recordFailure.ts'
import { createRecordRescan } from './recordRescan.ts'
import { createRefuseObject } from './refuseObject.ts'
import { createRemoveCleanObject } from './removeCleanObject.ts'
import { createRemoveIncoming } from './removeIncoming.ts'
import { createCloseWithdrawal, createRemoveWithdrawn } from './removeWithdrawn.ts'
import { createReopenTicket } from './reopenTicket.ts'
import { createTellUploader } from './tellUploader.ts'
import { createWithdrawAttachment } from './withdrawAttachment.ts'
import { createWithdrawCopies } from './withdrawCopies.ts'
import { withSafeFailures } from './withSafeFailures.ts'

/** The short steps of `scanAttachment`, `removeAttachment` and `rescanAttachment`, one side effect each, safe to run twice (law 8). */
export const createAttachmentActivities = (deps: AttachmentDeps) =>
  withSafeFailures({
    readPace: createReadPace(deps),
    pinVersion: createPinVersion(deps),
    reopenTicket: createReopenTicket(deps),
    refuseObject: createRefuseObject(deps),
    removeIncoming: createRemoveIncoming(deps),
    closeAttachment: createCloseAttachment(deps),
    recordFailure: createRecordFailure(deps),
    alertInfected: createAlertInfected(deps),
    tellUploader: createTellUploader(deps),
    removeCleanObject: createRemoveCleanObject(deps),
    recordRescan: createRecordRescan(deps),
    withdrawAttachment: createWithdrawAttachment(deps),
    withdrawCopies: createWithdrawCopies(deps),
    alertWithdrawn: createAlertWithdrawn(deps),
    removeWithdrawn: createRemoveWithdrawn(deps),
    closeWithdrawal: createCloseWithdrawal(deps),
  })

export type AttachmentActivities = ReturnType<typeof createAttachmentActivities>
