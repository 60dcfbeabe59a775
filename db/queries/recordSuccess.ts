import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Says that what must happen again and again happened now. */
export const recordSuccess = async ({ db, districtId }: DistrictTransaction, name: string): Promise<void> => {
  await sql`
    insert into last_successes (district_id, name, succeeded_at) values (${districtId}, ${name}, statement_timestamp())
    on conflict (district_id, name) do update set succeeded_at = statement_timestamp()`.execute(db)
}
