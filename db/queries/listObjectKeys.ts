import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type WrappedObjectKey = { objectKey: string; keyName: string; wrapped: Buffer }

/** The wrapped keys of a district's objects, in the order of their object keys from behind `after` on. */
export const listObjectKeys = (
  { db, districtId }: DistrictTransaction,
  { after, limit }: { after: string; limit: number },
): Promise<WrappedObjectKey[]> =>
  findRows(
    db,
    sql<WrappedObjectKey>`
      select object_key as "objectKey", key_name as "keyName", wrapped from keys.object_keys
      where district_id = ${districtId} and object_key > ${after}
      order by object_key limit ${limit}`,
  )
