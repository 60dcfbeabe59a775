import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'
import { inTurn } from './inTurn.ts'

/** Counts of one sweep. */
export type StoredSweepOutcome = { removed: number; abortedUploads: number; forgotten: number }

/**
 * Walks the buckets that last: objects without a row, objects of deleted rows, half-done uploads; then what the database need not remember. It reads the name of everything that
 * is stored, so it runs a few times a day.
 */
export async function sweepStoredObjects(): Promise<StoredSweepOutcome> {
  const act = proxyActivities<SweepActivities>({
    startToCloseTimeout: '3 hours',
    heartbeatTimeout: '30 seconds',
    summary: 'walks everything that is stored',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 5 },
  })
  const { placed, abortedUploads, forgotten } = await inTurn({
    placed: act.sweepPlaced,
    abortedUploads: act.abortStaleUploads,
    forgotten: act.forgetStale,
  })
  setCurrentDetails(`objects removed ${placed.removed} · uploads aborted ${abortedUploads} · rows forgotten ${forgotten}`)
  return { removed: placed.removed, abortedUploads, forgotten }
}
