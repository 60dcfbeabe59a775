import { withSafeFailures } from '../withSafeFailures.ts'
import { createAlertUndecided } from './alertUndecided.ts'
import { createApplyFeed } from './applyFeed.ts'
import { createCloseYearChannels, createSettleYearEnd, createTellYearEnded } from './closeSchoolYear.ts'
import { createFailRosterSync } from './failRosterSync.ts'
import { createLookAtRemovals } from './lookAtRemovals.ts'
import { createReadRosterPace } from './readRosterPace.ts'
import { createRecordScope } from './recordScope.ts'
import type { RosterDeps } from './rosterDeps.ts'
import { createSettleRemovals } from './settleRemovals.ts'
import { createCloseVersion, createCutOff, createTellParted } from './settleVersion.ts'
import { createTakeTurn } from './takeTurn.ts'
import { createTellAdministrators } from './tellAdministrators.ts'
import { createWakeNextSync } from './wakeNextSync.ts'

/** Everything that the workflows of rosters do beyond themselves. */
export const createRosterActivities = (deps: RosterDeps) =>
  withSafeFailures({
    cutOff: createCutOff(deps),
    tellParted: createTellParted(deps),
    closeVersion: createCloseVersion(deps),
    closeYearChannels: createCloseYearChannels(deps),
    tellYearEnded: createTellYearEnded(deps),
    settleYearEnd: createSettleYearEnd(deps),
    recordScope: createRecordScope(deps),
    readRosterPace: createReadRosterPace(deps),
    takeTurn: createTakeTurn(deps),
    applyFeed: createApplyFeed(deps),
    failRosterSync: createFailRosterSync(deps),
    wakeNextSync: createWakeNextSync(deps),
    lookAtRemovals: createLookAtRemovals(deps),
    tellAdministrators: createTellAdministrators(deps),
    alertUndecided: createAlertUndecided(deps),
    settleRemovals: createSettleRemovals(deps),
  })

export type RosterActivities = ReturnType<typeof createRosterActivities>
