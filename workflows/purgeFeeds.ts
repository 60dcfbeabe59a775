import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Removes feeds of rosters, and the reports on them, whose time is over. It reads the name of everything that is kept, so it runs a few times a day. */
export async function purgeFeeds(): Promise<{ purged: number }> {
  const { forgetFeeds } = proxyActivities<SweepActivities>({
    startToCloseTimeout: '3 hours',
    heartbeatTimeout: '30 seconds',
    summary: 'removes every version of a feed that is older than 90 days',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 5 },
  })
  const purged = await forgetFeeds()
  setCurrentDetails(`feeds and reports purged ${purged}`)
  return { purged }
}
