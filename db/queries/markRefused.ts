import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** The address was refused for good: it is not tried again until the roster has another. */
export const markAddressRefused = async (
  { db, districtId }: DistrictTransaction,
  { userId, emailHash }: { userId: string; emailHash: Buffer },
): Promise<void> => {
  await sql`
    insert into notice_settings (district_id, user_id, refused_email_hash, refused_at) values (${districtId}, ${userId}, ${emailHash}, statement_timestamp())
    on conflict (district_id, user_id) do update set refused_email_hash = excluded.refused_email_hash, refused_at = excluded.refused_at
    where notice_settings.refused_email_hash is distinct from excluded.refused_email_hash`.execute(db)
}

/** The same of a number, until the roster has another or its owner asks for messages again. */
export const markNumberRefused = async (
  { db, districtId }: DistrictTransaction,
  { userId, phoneHash }: { userId: string; phoneHash: Buffer },
): Promise<void> => {
  await sql`
    insert into notice_settings (district_id, user_id, refused_phone_hash, refused_at) values (${districtId}, ${userId}, ${phoneHash}, statement_timestamp())
    on conflict (district_id, user_id) do update set refused_phone_hash = excluded.refused_phone_hash, refused_at = excluded.refused_at
    where notice_settings.refused_phone_hash is distinct from excluded.refused_phone_hash`.execute(db)
}
