import { sql } from 'kysely'
import type { RemovalState } from '../entities/RosterSync.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, toTimeOrNull } from '../rows.ts'

/** How removals that the brake held stand: what was decided, and whether anybody was told that nobody has. */
export type Removals = { removals: RemovalState; endedAt: Date | null; escalatedAt: Date | null; held: number }

/** Null when the sync holds none, or there is no such sync. */
export const findRemovals = async ({ db, districtId }: DistrictTransaction, syncId: string): Promise<Removals | null> => {
  const row = await findRow(
    db,
    sql<{ removals: RemovalState; endedAt: string | null; escalatedAt: string | null; held: number }>`
      select removals, ended_at as "endedAt", escalated_at as "escalatedAt",
        (select count(*)::int from suspensions s where s.district_id = ${districtId} and s.sync_id = ${syncId}) as held
      from roster_syncs where district_id = ${districtId} and id = ${syncId} and removals is not null`,
  )
  return row && { ...row, endedAt: toTimeOrNull(row.endedAt), escalatedAt: toTimeOrNull(row.escalatedAt) }
}

/** Writes down that somebody was told of a decision that nobody made. */
export const markEscalated = async ({ db, districtId }: DistrictTransaction, syncId: string): Promise<void> => {
  await sql`
    update roster_syncs set escalated_at = statement_timestamp()
    where district_id = ${districtId} and id = ${syncId} and removals = 'waiting' and escalated_at is null`.execute(db)
}
