import { sql } from 'kysely'
import type { DataKeyPurpose } from '../entities/DataKey.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type WrappedDataKey = { epoch: number; wrapped: Buffer; isActive: boolean }

/** The wrapped keys of a district for one purpose, oldest first. Retired ones too: what they sealed must stay readable. */
export const listDataKeys = ({ db, districtId }: DistrictTransaction, purpose: DataKeyPurpose): Promise<WrappedDataKey[]> =>
  findRows(
    db,
    sql<WrappedDataKey>`
      select epoch, wrapped, activates_at <= statement_timestamp() as "isActive" from keys.data_keys
      where district_id = ${districtId} and purpose = ${purpose}
      order by epoch`,
  )
