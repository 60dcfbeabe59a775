import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'

/** Seconds since `name` last succeeded; when it never did, since it was first expected to, which is now if nobody asked before. */
export const expectSuccess = async ({ db, districtId }: DistrictTransaction, name: string): Promise<number> => {
  await sql`insert into last_successes (district_id, name) values (${districtId}, ${name}) on conflict do nothing`.execute(db)
  const { ageSeconds } = await getRow(
    db,
    sql<{ ageSeconds: number }>`
      select extract(epoch from statement_timestamp() - coalesce(succeeded_at, expected_since))::float8 as "ageSeconds"
      from last_successes where district_id = ${districtId} and name = ${name}`,
  )
  return ageSeconds
}
