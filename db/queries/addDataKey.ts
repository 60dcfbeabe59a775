import { sql } from 'kysely'
import type { DataKeyPurpose } from '../entities/DataKey.ts'
import type { DistrictTransaction } from '../openDatabase.ts'

export type NewDataKey = { purpose: DataKeyPurpose; epoch: number; wrapped: Buffer; activatesInMs: number }

/** Keeps a wrapped key. The first one of an epoch wins: answers whether it is this one. */
export const addDataKey = async ({ db, districtId }: DistrictTransaction, key: NewDataKey): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    insert into keys.data_keys (district_id, purpose, epoch, wrapped, activates_at)
    values (${districtId}, ${key.purpose}, ${key.epoch}, ${key.wrapped}, statement_timestamp() + make_interval(secs => ${key.activatesInMs / 1_000}))
    on conflict (district_id, purpose, epoch) do nothing`.execute(db)
  return numAffectedRows === 1n
}
