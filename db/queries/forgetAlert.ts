import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Forgets an alert whose end was told, unless it holds again meanwhile. */
export const forgetAlert = async ({ db, districtId }: DistrictTransaction, dedupKey: string): Promise<void> => {
  await sql`delete from open_alerts where district_id = ${districtId} and dedup_key = ${dedupKey} and ending_at is not null`.execute(db)
}
