import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Whether somebody was, or is about to be, paged for it and has not heard of its end. */
export const isAlertOpen = async ({ db, districtId }: DistrictTransaction, dedupKey: string): Promise<boolean> =>
  (await findRow(db, sql`select 1 from open_alerts where district_id = ${districtId} and dedup_key = ${dedupKey}`)) !== null
