import { sql } from 'kysely'
import type { RemovalState } from '../entities/RosterSync.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** How removals that the brake held stand: what was decided, for how long they have been held, and how many rows. */
export type Removals = { removals: RemovalState; heldSeconds: number; held: number }

/** Null when the sync holds none, or there is no such sync. */
export const findRemovals = ({ db, districtId }: DistrictTransaction, syncId: string): Promise<Removals | null> =>
  findRow(
    db,
    sql<Removals>`
      select removals, coalesce(extract(epoch from statement_timestamp() - ended_at), 0)::float8 as "heldSeconds",
        (select count(*)::int from suspensions s where s.district_id = ${districtId} and s.sync_id = ${syncId}) as held
      from roster_syncs where district_id = ${districtId} and id = ${syncId} and removals is not null`,
  )

/** Writes down that somebody was told of a decision that nobody made. */
export const markEscalated = async ({ db, districtId }: DistrictTransaction, syncId: string): Promise<void> => {
  await sql`
    update roster_syncs set escalated_at = statement_timestamp()
    where district_id = ${districtId} and id = ${syncId} and removals = 'waiting' and escalated_at is null`.execute(db)
}
