import { sql } from 'kysely'
import type { DataKeyPurpose } from '../entities/DataKey.ts'
import type { DistrictTransaction } from '../openDatabase.ts'

export type Rewrapping = { wrapped: Buffer; rewrapped: Buffer }

/** Puts the same data key in place, wrapped anew; false when another process was first. */
export const replaceWrappedDataKey = async (
  { db, districtId }: DistrictTransaction,
  { purpose, epoch, wrapped, rewrapped }: Rewrapping & { purpose: DataKeyPurpose; epoch: number },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update keys.data_keys set wrapped = ${rewrapped}
    where district_id = ${districtId} and purpose = ${purpose} and epoch = ${epoch} and wrapped = ${wrapped}`.execute(db)
  return numAffectedRows === 1n
}

/** The same for the key of an object; false, too, when the object was removed meanwhile. */
export const replaceWrappedObjectKey = async (
  { db, districtId }: DistrictTransaction,
  { objectKey, wrapped, rewrapped }: Rewrapping & { objectKey: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update keys.object_keys set wrapped = ${rewrapped}
    where district_id = ${districtId} and object_key = ${objectKey} and wrapped = ${wrapped}`.execute(db)
  return numAffectedRows === 1n
}
