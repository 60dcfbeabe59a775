import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** The keyed hash of the address that the roster has of somebody; null when the district has no such person. */
export const findEmailHash = ({ db, districtId }: DistrictTransaction, userId: string): Promise<{ emailHash: Buffer | null } | null> =>
  findRow(
    db,
    sql<{
      emailHash: Buffer | null
    }>`select u.email_hash as "emailHash" from users u where u.district_id = ${districtId} and u.id = ${userId}`,
  )
