import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

type AttemptRef = { syncId: string; attempt: number }

export type SyncTurn =
  /** It is this sync's turn, and the row says so. */
  | 'claimed'
  /** Another one of the district runs, or came first. */
  | 'waiting'
  /** The row has moved on: this attempt has nothing to do any more. */
  | 'superseded'

/**
 * Lets the oldest queued sync of the district begin when none runs. Those who ask at the same moment ask one after the other; the lock is not the roster's,
 * which an apply holds for long. Asking again after it was granted answers the same.
 */
export const claimSync = async (tx: DistrictTransaction, { syncId, attempt }: AttemptRef): Promise<SyncTurn> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sync-turn:${tx.districtId}`}, 0))`.execute(tx.db)
  const claimed = await findRow(
    tx.db,
    sql<{ id: string }>`
      update roster_syncs set state = 'running', started_at = coalesce(started_at, statement_timestamp())
      where district_id = ${tx.districtId} and id = ${syncId} and attempt = ${attempt} and object_version_id is not null
        and (state = 'running' or (state = 'queued' and not exists (
          select 1 from roster_syncs ahead
          where ahead.district_id = ${tx.districtId} and ahead.id <> ${syncId} and ahead.state in ('queued', 'running')
            and (ahead.state = 'running' or (ahead.queued_at, ahead.id) < (roster_syncs.queued_at, roster_syncs.id)))))
      returning id`,
  )
  if (claimed !== null) return 'claimed'
  const queued = await findRow(
    tx.db,
    sql<{ id: string }>`
      select id from roster_syncs
      where district_id = ${tx.districtId} and id = ${syncId} and attempt = ${attempt} and state = 'queued'`,
  )
  return queued === null ? 'superseded' : 'waiting'
}
