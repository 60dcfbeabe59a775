import { withSafeFailures } from '../withSafeFailures.ts'
import { createApplyFeed } from './applyFeed.ts'
import type { RosterDeps } from './rosterDeps.ts'
import { createSettleRemovals } from './settleRemovals.ts'

/** Everything that the workflows of rosters do beyond themselves. */
export const createRosterActivities = (deps: RosterDeps) =>
  withSafeFailures({ applyFeed: createApplyFeed(deps), settleRemovals: createSettleRemovals(deps) })

export type RosterActivities = ReturnType<typeof createRosterActivities>
