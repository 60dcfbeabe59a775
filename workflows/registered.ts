/** The worker's list: every function exported here is a workflow that can be started by its name. */
export { archiveHistories } from './archiveHistories.ts'
export { purgeQuarantine } from './purgeQuarantine.ts'
export { removeAttachment } from './removeAttachment.ts'
export { scanAttachment } from './scanAttachment.ts'
export { sendSyntheticEicar } from './sendSyntheticEicar.ts'
export { sweepAttachments } from './sweepAttachments.ts'
export { sweepStoredObjects } from './sweepStoredObjects.ts'
