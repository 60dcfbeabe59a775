import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Counts of one sweep. */
export type NoticeSweepOutcome = { replayedBatches: number }

/** Looks at what people are to be notified of and repairs (law 6): batches without a run. Safe to run beside live traffic and to run twice. */
export async function sweepNotices(): Promise<NoticeSweepOutcome> {
  const { restartLostBatches } = proxyActivities<SweepActivities>({
    scheduleToCloseTimeout: '15 minutes',
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  const replayedBatches = await restartLostBatches()
  setCurrentDetails(`batches replayed ${replayedBatches}`)
  return { replayedBatches }
}
