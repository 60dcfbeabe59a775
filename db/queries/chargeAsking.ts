import { sql } from 'kysely'
import { secondsUntilFits, toRetryAfter } from '../../domain/drainingBucket.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** What is left in the bucket now. The clock of the moment, not of the statement: a statement may have waited for the row. */
const drained = sql`greatest(0, u.asked - greatest(0, extract(epoch from clock_timestamp() - u.as_of)::double precision)
  * d.person_translations_per_day::double precision / 86400)`

/**
 * Charges somebody for one translation that they asked for and that was not there, in the transaction that asks for it. Their row stays locked until it ends, so that no quota is exceeded
 * however many they ask for at once. Null when it fitted; else the seconds until it does, and the caller rolls back.
 */
export const chargeAsking = async ({ db, districtId }: DistrictTransaction, userId: string): Promise<number | null> => {
  const charged = await findRow(
    db,
    sql<{ asked: number }>`
      insert into user_translation_usage as u (district_id, user_id, asked, as_of)
      values (${districtId}::uuid, ${userId}::uuid, 1, clock_timestamp())
      on conflict (district_id, user_id) do update set asked = (select ${drained} + 1 from districts d where d.id = ${districtId}), as_of = clock_timestamp()
      where (select ${drained} + 1 <= d.person_translations_per_day from districts d where d.id = ${districtId})
      returning u.asked`,
  )
  if (charged !== null) return null
  const usage = await findRow(
    db,
    sql<{ used: number; perDay: number }>`
      select ${drained} as used, d.person_translations_per_day as "perDay" from districts d
      join user_translation_usage u on u.district_id = d.id and u.user_id = ${userId}
      where d.id = ${districtId} and u.district_id = ${districtId}`,
  )
  return toRetryAfter(usage === null ? 0 : secondsUntilFits({ ...usage, cost: 1 }))
}
