import { proxyActivities } from '@temporalio/workflow'
import type { RosterActivities } from '../activities/roster/createRosterActivities.ts'
import type { RosterPace } from './contract.ts'

/** What runs of their own do (`settleVersion`, `closeSchoolYear`, `writeScopeReceipt`). */
type OfOtherRuns =
  | 'readRosterPace'
  | 'cutOff'
  | 'tellParted'
  | 'closeVersion'
  | 'closeYearChannels'
  | 'tellYearEnded'
  | 'settleYearEnd'
  | 'recordScope'

type Act = Omit<RosterActivities, OfOtherRuns>

/**
 * Short steps are tried until they succeed: what they wait for passes. A feed is applied once a round, so that the run sees what broke it off. Whoever is to
 * be told is tried a few times, and again later: a decision never waits for a mail.
 */
export const proxyRosterActivities = (pace: RosterPace): Act => {
  const untilDone = {
    initialInterval: pace.waitBetweenTriesMs,
    backoffCoefficient: 2,
    maximumInterval: pace.waitBetweenRoundsMs,
  }
  const steps = proxyActivities<RosterActivities>({ startToCloseTimeout: pace.stepTimeoutMs, retry: untilDone })
  const long = { startToCloseTimeout: pace.applyTimeoutMs, heartbeatTimeout: pace.heartbeatTimeoutMs }
  const { applyFeed } = proxyActivities<RosterActivities>({ ...long, retry: { maximumAttempts: 1 }, summary: 'reads the whole feed' })
  const { settleRemovals } = proxyActivities<RosterActivities>({ ...long, retry: untilDone })
  const { tellAdministrators, alertUndecided } = proxyActivities<RosterActivities>({
    startToCloseTimeout: pace.stepTimeoutMs,
    retry: { ...untilDone, maximumAttempts: 3 },
  })
  return {
    takeTurn: steps.takeTurn,
    failRosterSync: steps.failRosterSync,
    wakeNextSync: steps.wakeNextSync,
    lookAtRemovals: steps.lookAtRemovals,
    applyFeed,
    settleRemovals,
    tellAdministrators,
    alertUndecided,
  }
}
