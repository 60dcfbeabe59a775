import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { orderAttempt } from '../orderAttempt.ts'
import { findRow } from '../rows.ts'
import type { SyncStartFor } from './completeRosterSync.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import type { AuditOrigin } from './recordAudit.ts'

/** `onlyOpen`: leaves one that failed as it is. */
type Replay = { syncId: string; attempt: number; startFor: SyncStartFor; onlyOpen: boolean }

/**
 * Brings a sync that failed, or lost its run, back to the queue as its next attempt. Its feed keeps its place in time: what is newer stands. Answers the
 * start that was asked for, or null when this attempt is not the row's any more, or has ended otherwise.
 */
export const replaySync = async (
  tx: DistrictTransaction,
  { syncId, attempt, startFor, onlyOpen, ...origin }: Replay & AuditOrigin,
): Promise<OutboxStart | null> => {
  const replayed = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      update roster_syncs set state = 'queued', attempt = attempt + 1, queued_at = statement_timestamp(), started_at = null, ended_at = null,
        fault_code = null
      where district_id = ${tx.districtId} and id = ${syncId} and attempt = ${attempt} and (state in ('queued', 'running') or (state = 'failed' and not ${onlyOpen}::boolean))
      returning attempt`,
  )
  if (replayed === null) return null
  const start = startFor({ districtId: tx.districtId, syncId, attempt: replayed.attempt })
  return orderAttempt(tx, {
    ...origin,
    start,
    attempt: replayed.attempt,
    action: 'roster-sync.replay',
    target: { kind: 'roster-sync', id: syncId },
  })
}
