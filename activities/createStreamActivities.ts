import type { StreamDeps } from './attachmentDeps.ts'
import { createInspectObject } from './inspectObject.ts'
import { createQuarantineObject } from './quarantineObject.ts'
import { createReleaseObject } from './releaseObject.ts'
import { withSafeFailures } from './withSafeFailures.ts'

/** The steps of `scanAttachment` that stream a whole object. Each may hold a file in memory, so a worker runs few at once. */
export const createStreamActivities = (deps: StreamDeps) =>
  withSafeFailures({
    inspectObject: createInspectObject(deps),
    releaseObject: createReleaseObject(deps),
    quarantineObject: createQuarantineObject(deps),
  })

export type StreamActivities = ReturnType<typeof createStreamActivities>
