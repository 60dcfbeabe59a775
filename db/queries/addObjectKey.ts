import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Keeps the wrapped key of an object that is about to be written; an object key is used once. */
export const addObjectKey = async (
  tx: DistrictTransaction,
  row: { objectKey: string; keyName: string; wrapped: Buffer },
): Promise<void> => {
  await sql`
    insert into keys.object_keys (district_id, object_key, key_name, wrapped)
    values (${tx.districtId}, ${row.objectKey}, ${row.keyName}, ${row.wrapped})`.execute(tx.db)
}
