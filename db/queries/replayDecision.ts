import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { orderAttempt } from '../orderAttempt.ts'
import { findRow } from '../rows.ts'
import type { SyncStartFor } from './completeRosterSync.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import type { AuditOrigin } from './recordAudit.ts'

type Replay = { syncId: string; attempt: number; startFor: SyncStartFor }

/**
 * Asks again for the run that waits for the decision on what a sync holds, or carries it out, as the next attempt: what was decided, and what is held, stay as
 * they are. Null when this attempt is not the row's any more, or everything is settled.
 */
export const replayDecision = async (
  tx: DistrictTransaction,
  { syncId, attempt, startFor, ...origin }: Replay & AuditOrigin,
): Promise<OutboxStart | null> => {
  const replayed = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      update roster_syncs set attempt = attempt + 1
      where district_id = ${tx.districtId} and id = ${syncId} and attempt = ${attempt} and removals in ('waiting', 'approving', 'discarding')
      returning attempt`,
  )
  if (replayed === null) return null
  const start = startFor({ districtId: tx.districtId, syncId, attempt: replayed.attempt })
  return orderAttempt(tx, {
    ...origin,
    start,
    attempt: replayed.attempt,
    action: 'roster-removal.replay',
    target: { kind: 'roster-sync', id: syncId },
  })
}
