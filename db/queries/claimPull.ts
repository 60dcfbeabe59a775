import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { isPullDue } from './listDuePulls.ts'

/** Which attempt of which pull a start is for. */
export type PullAttempt = { districtId: string; pullId: string; attempt: number }

/**
 * Begins the next attempt of a pull that is due, and asks for its run in the same transaction. What the last attempt's sync became decides from where: the cursor moves
 * to that attempt's start only when its sync ended well, so what was not applied is asked for again; and everything is asked for at first, and again
 * every so many days. Null when it is not due, or its last sync has not ended.
 */
export const claimPull = async (
  tx: DistrictTransaction,
  { pullId, startFor }: { pullId: string; startFor: (ref: PullAttempt) => OutboxStart },
): Promise<PullAttempt | null> => {
  const { db, districtId } = tx
  const claimed = await findRow(
    db,
    sql<{ attempt: number }>`
      with known as materialized (
        select p.id, case when s.state in ('applied', 'unchanged', 'partly-applied', 'stale') then s.source_at end as well_at,
          coalesce(s.state in ('awaiting-upload', 'queued', 'running'), false) as is_open
        from roster_pulls p left join roster_syncs s on s.district_id = p.district_id and s.id = p.sync_id
        where p.district_id = ${districtId} and p.id = ${pullId}
        for update of p
      ), reached as (
        select known.id, coalesce(known.well_at, p.cursor_at) as cursor_at,
          case when p.mode = 'bulk' then coalesce(known.well_at, p.bulk_at) else p.bulk_at end as bulk_at
        from known join roster_pulls p on p.district_id = ${districtId} and p.id = known.id
        where not known.is_open and ${isPullDue}
      )
      update roster_pulls set state = 'pulling', attempt = attempt + 1, sync_id = ${newId()}, started_at = clock_timestamp(), ended_at = null,
        outcome = null, fault_code = null, cursor_at = reached.cursor_at, bulk_at = reached.bulk_at,
        mode = case when reached.cursor_at is null or reached.bulk_at is null
          or reached.bulk_at + make_interval(days => bulk_every_days) <= statement_timestamp() then 'bulk' else 'delta' end
      from reached where roster_pulls.district_id = ${districtId} and roster_pulls.id = reached.id
      returning attempt`,
  )
  if (claimed === null) return null
  const ref = { districtId, pullId, attempt: claimed.attempt }
  await enqueueWorkflow(tx, startFor(ref))
  return ref
}
