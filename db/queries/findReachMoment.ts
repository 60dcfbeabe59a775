import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** A moment of a district's roster: the version that held (null: none yet) and the day in the district's time zone. */
export type ReachMoment = { at: string; day: string; version: number | null; isFuture: boolean }

/** The moment `at`, or now. A version holds from when its change began to be written; what it changed was seen when it was committed, a moment later. */
export const findReachMoment = async ({ db, districtId }: DistrictTransaction, at: string | undefined): Promise<ReachMoment> => {
  const asked = at === undefined ? sql`statement_timestamp()` : sql`${at}::timestamptz`
  const row = await findRow(
    db,
    sql<Omit<ReachMoment, 'version'> & { version: string | null }>`
      select ${asked} as at, (${asked} at time zone d.time_zone)::date::text as day, ${asked} > statement_timestamp() as "isFuture",
        ${
          at === undefined
            ? sql`nullif(d.roster_version, 0)`
            : sql`(
          select v.version from roster_versions v where v.district_id = d.id and v.at <= ${asked} order by v.at desc, v.version desc limit 1)`
        } as version
      from districts d where d.id = ${districtId}`,
  )
  if (row === null) throw new Error('the district of a transaction is not there')
  return { ...row, at: new Date(row.at).toISOString(), version: row.version === null ? null : Number(row.version) }
}
