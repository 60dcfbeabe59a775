import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Counts of one sweep. */
export type StoredSweepOutcome = { removed: number; abortedUploads: number }

/**
 * Walks the buckets that last: objects without a row, objects of deleted rows, half-done uploads. It reads the name of everything that
 * is stored, so it runs a few times a day.
 */
export async function sweepStoredObjects(): Promise<StoredSweepOutcome> {
  const act = proxyActivities<SweepActivities>({
    startToCloseTimeout: '3 hours',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 5 },
  })
  const { removed } = await act.sweepPlaced()
  const abortedUploads = await act.abortStaleUploads()
  setCurrentDetails(`objects removed ${removed} · uploads aborted ${abortedUploads}`)
  return { removed, abortedUploads }
}
