import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'

/** When each of these days begins in the district, in ms of the epoch. */
export const findMidnights = async (
  { db, districtId }: DistrictTransaction,
  days: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const rows = await findRows(
    db,
    sql<{ day: string; at: string }>`
      select day::text as day, (day::timestamp at time zone d.time_zone) as at
      from districts d, unnest(${[...new Set(days)]}::date[]) day
      where d.id = ${districtId}`,
  )
  return new Map(rows.map(({ day, at }) => [day, toTime(at).getTime()]))
}
