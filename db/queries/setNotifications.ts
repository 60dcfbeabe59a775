import { sql } from 'kysely'
import type { QuietHours } from '../../domain/notices/quietHours.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** How a person is notified. `quietHours`: their own; null, the district's. */
export type Notifications = {
  quietHours: QuietHours | null
  districtQuietHours: QuietHours
  isMailOff: boolean
  isAddressRefused: boolean
  isSmsOff: boolean
  isNumberRefused: boolean
}

export const findNotifications = async ({ db, districtId }: DistrictTransaction, userId: string): Promise<Notifications | null> => {
  const row = await findRow(
    db,
    sql<{
      from: number | null
      until: number | null
      districtFrom: number
      districtUntil: number
      isMailOff: boolean
      isAddressRefused: boolean
      isSmsOff: boolean
      isNumberRefused: boolean
    }>`
      select s.quiet_from as "from", s.quiet_until as until, d.quiet_from as "districtFrom", d.quiet_until as "districtUntil",
        s.mail_off_at is not null as "isMailOff", coalesce(s.refused_email_hash = u.email_hash, false) as "isAddressRefused",
        s.sms_off_at is not null as "isSmsOff", coalesce(s.refused_phone_hash = u.phone_hash, false) as "isNumberRefused"
      from users u
      join districts d on d.id = u.district_id
      left join notice_settings s on s.district_id = u.district_id and s.user_id = u.id
      where u.district_id = ${districtId} and u.id = ${userId}`,
  )
  if (row === null) return null
  const { from, until, districtFrom, districtUntil, ...rest } = row
  const quietHours = from === null || until === null ? null : { from, until }
  return { ...rest, quietHours, districtQuietHours: { from: districtFrom, until: districtUntil } }
}

/** The person sets their quiet hours; null: the district's. */
export const setQuietHours = async (
  { db, districtId }: DistrictTransaction,
  { userId, quietHours }: { userId: string; quietHours: QuietHours | null },
): Promise<void> => {
  await sql`
    insert into notice_settings (district_id, user_id, quiet_from, quiet_until)
    values (${districtId}, ${userId}, ${quietHours?.from ?? null}, ${quietHours?.until ?? null})
    on conflict (district_id, user_id) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until`.execute(db)
}

/** The person wants no mail any more, or wants it again. From this commit on. */
export const setMailOff = async (
  { db, districtId }: DistrictTransaction,
  { userId, isOff }: { userId: string; isOff: boolean },
): Promise<void> => {
  await sql`
    insert into notice_settings (district_id, user_id, mail_off_at)
    select u.district_id, u.id, case when ${isOff}::boolean then statement_timestamp() end from users u
    where u.district_id = ${districtId} and u.id = ${userId}
    on conflict (district_id, user_id) do update set mail_off_at = excluded.mail_off_at`.execute(db)
}

/** The person wants no text messages any more, or wants them again: a number that was refused is then tried once more, since who answered STOP may have answered START. */
export const setSmsOff = async (
  { db, districtId }: DistrictTransaction,
  { userId, isOff }: { userId: string; isOff: boolean },
): Promise<void> => {
  await sql`
    insert into notice_settings (district_id, user_id, sms_off_at)
    values (${districtId}, ${userId}, case when ${isOff}::boolean then statement_timestamp() end)
    on conflict (district_id, user_id) do update set sms_off_at = excluded.sms_off_at,
      refused_phone_hash = case when ${isOff}::boolean then notice_settings.refused_phone_hash end`.execute(db)
}
