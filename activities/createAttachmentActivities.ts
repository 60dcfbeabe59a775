import { createAlertInfected } from './alertInfected.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { createCloseAttachment } from './closeAttachment.ts'
import { createPinVersion } from './pinVersion.ts'
import { createReadPace } from './readPace.ts'
import { createRecordFailure } from './recordFailure.ts'
import { createRefuseObject } from './refuseObject.ts'
import { createRemoveCleanObject } from './removeCleanObject.ts'
import { createRemoveIncoming } from './removeIncoming.ts'
import { createReopenTicket } from './reopenTicket.ts'
import { createTellUploader } from './tellUploader.ts'
import { withSafeFailures } from './withSafeFailures.ts'

/** The short steps of `scanAttachment` and `removeAttachment`, one side effect each, safe to run twice (law 8). */
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
  })

export type AttachmentActivities = ReturnType<typeof createAttachmentActivities>
