import { withSafeFailures } from '../withSafeFailures.ts'
import { createApplyFeed } from './applyFeed.ts'
import type { RosterDeps } from './rosterDeps.ts'
import { createSettleRemovals } from './settleRemovals.ts'
import { createCloseVersion, createCutOff, createTellParted } from './settleVersion.ts'

/** Everything that the workflows of rosters do beyond themselves. */
export const createRosterActivities = (deps: RosterDeps) =>
  withSafeFailures({
    applyFeed: createApplyFeed(deps),
    settleRemovals: createSettleRemovals(deps),
    cutOff: createCutOff(deps),
    tellParted: createTellParted(deps),
    closeVersion: createCloseVersion(deps),
  })

export type RosterActivities = ReturnType<typeof createRosterActivities>
