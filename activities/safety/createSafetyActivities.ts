import { withSafeFailures } from '../withSafeFailures.ts'
import { createReadSafetyPace } from './readSafetyPace.ts'
import type { SafetyDeps } from './safetyDeps.ts'
import { createTellReport } from './tellReport.ts'

/** Everything that the runs about reports do beyond themselves. */
export const createSafetyActivities = (deps: SafetyDeps) =>
  withSafeFailures({ readSafetyPace: createReadSafetyPace(deps), tellReport: createTellReport(deps) })

export type SafetyActivities = ReturnType<typeof createSafetyActivities>
