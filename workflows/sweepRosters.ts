import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'
import { inTurn } from './inTurn.ts'

/** Counts of one sweep. */
export type RosterSweepOutcome = { feeds: { expired: number; queued: number }; replayedSyncs: number; lateDistricts: number }

/**
 * Looks at feeds and syncs again and repairs (law 6): feeds that nobody announced, tickets that were never used, syncs without a run; and tells districts
 * whose last success is too long ago. Every step is safe to run beside live traffic and to run twice.
 */
export async function sweepRosters(): Promise<RosterSweepOutcome> {
  const act = proxyActivities<SweepActivities>({
    scheduleToCloseTimeout: '15 minutes',
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  const swept = await inTurn({ feeds: act.settleFeeds, replayedSyncs: act.restartLostSyncs, lateDistricts: act.tellLateDistricts })
  const { feeds, replayedSyncs, lateDistricts } = swept
  setCurrentDetails(
    `feeds expired ${feeds.expired}, queued ${feeds.queued} · syncs replayed ${replayedSyncs} · districts told that they are late ${lateDistricts}`,
  )
  return swept
}
