import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Says that the pager took the alert. */
export const markAlertRaised = async ({ db, districtId }: DistrictTransaction, dedupKey: string): Promise<void> => {
  await sql`
    update open_alerts set raised_at = statement_timestamp() where district_id = ${districtId} and dedup_key = ${dedupKey}`.execute(db)
}
