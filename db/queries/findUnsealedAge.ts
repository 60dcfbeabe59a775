import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Age in seconds of the oldest audit entry that is in no batch; 0 when all are sealed (law 11). As the role `sweeper`. */
export const findUnsealedAge = async ({ db }: Transaction): Promise<number> => {
  const row = await findRow(
    db,
    sql<{ seconds: number }>`
      select coalesce(extract(epoch from statement_timestamp() - min(oldest.at)), 0)::float as seconds
      from districts d
      cross join lateral (
        select e.at from audit_entries e where e.district_id = d.id and e.batch_number is null order by e.id limit 1) oldest`,
  )
  return row?.seconds ?? 0
}
