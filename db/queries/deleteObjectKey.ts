import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Forgets the wrapped key of an object: from here on nobody can read its bytes. Answers whether there was one. */
export const deleteObjectKey = async (tx: DistrictTransaction, objectKey: string): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    delete from keys.object_keys where district_id = ${tx.districtId} and object_key = ${objectKey}`.execute(tx.db)
  return numAffectedRows === 1n
}
