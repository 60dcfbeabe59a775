import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** The attachment that a ticket was given for under this idempotency key, when its upload was completed; null while it was not, or when there was no such ticket. */
export const findCompletedUpload = async (
  { db, districtId }: DistrictTransaction,
  { userId, key }: { userId: string; key: string },
): Promise<string | null> => {
  const row = await findRow(
    db,
    sql<{ id: string }>`
      select a.id from idempotency_keys k
      join attachments a on a.district_id = k.district_id and a.id = k.result_id
      where k.district_id = ${districtId} and k.user_id = ${userId} and k.key = ${key} and a.state <> 'awaiting-upload'`,
  )
  return row?.id ?? null
}
