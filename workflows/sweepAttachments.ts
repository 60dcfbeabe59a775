import { proxyActivities } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Counts of one sweep. */
export type SweepOutcome = {
  tickets: { expired: number; started: number }
  replayedScans: number
  objects: { removed: number; started: number }
  abortedUploads: number
}

/**
 * Looks at the world again and repairs it (law 6): tickets without an upload, uploads nobody completed, scans without a run,
 * objects without a row, half-done uploads. Every step is safe to run beside live traffic and to run twice.
 */
export async function sweepAttachments(): Promise<SweepOutcome> {
  const act = proxyActivities<SweepActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  const tickets = await act.settleTickets()
  const replayedScans = await act.restartLostScans()
  const objects = await act.sweepStoredObjects()
  const abortedUploads = await act.abortStaleUploads()
  return { tickets, replayedScans, objects, abortedUploads }
}
