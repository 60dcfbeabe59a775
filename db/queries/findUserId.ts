import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** The id of the person with this SIS id, or null. Never mix the two: a SIS may use UUIDs for its own ids. */
export const findUserId = async (tx: DistrictTransaction, userSourcedId: string): Promise<string | null> => {
  const row = await findRow(
    tx.db,
    sql<{ id: string }>`select id from users where district_id = ${tx.districtId} and sourced_id = ${userSourcedId}`,
  )
  return row?.id ?? null
}
