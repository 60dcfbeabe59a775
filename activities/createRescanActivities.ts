import type { AttachmentDeps } from './attachmentDeps.ts'
import { createLookAgain } from './lookAgain.ts'
import { createQuarantineWithdrawn } from './quarantineWithdrawn.ts'
import { withSafeFailures } from './withSafeFailures.ts'

/** The steps of `rescanAttachment` that stream a released object. A worker runs one at a time, beside its live scans. */
export const createRescanActivities = (deps: AttachmentDeps) =>
  withSafeFailures({ lookAgain: createLookAgain(deps), quarantineWithdrawn: createQuarantineWithdrawn(deps) })

export type RescanActivities = ReturnType<typeof createRescanActivities>
