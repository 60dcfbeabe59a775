import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Takes what mail servers said later of our mails: whose address bounced, and who complained. What is left in the queue is the next turn's. */
export async function takeFeedback(): Promise<{ bounced: number; complained: number; ignored: number; unreadable: number }> {
  const { takeMailFeedback } = proxyActivities<SweepActivities>({
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 3 },
  })
  const taken = await takeMailFeedback()
  const { bounced, complained, ignored, unreadable } = taken
  setCurrentDetails(`bounced ${bounced} · complained ${complained} · nothing follows from ${ignored} · unreadable ${unreadable}`)
  return taken
}
