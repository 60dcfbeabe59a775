import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** How many characters the district has had translated in this month of its calendar. */
export const findTranslationUsage = async ({ db, districtId }: DistrictTransaction): Promise<number> => {
  const row = await findRow(
    db,
    sql<{ characters: string }>`
      select used.characters from districts d
      join translation_usage used on used.district_id = d.id and used.month = date_trunc('month', statement_timestamp() at time zone d.time_zone)::date
      where d.id = ${districtId} and used.district_id = ${districtId}`,
  )
  return Number(row?.characters ?? 0)
}
