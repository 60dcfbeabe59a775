import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { isNews } from './isNews.ts'
import { preferredLanguage } from './preferredLanguage.ts'

type Ref = { userId: string; batch: number; notification: number }

/**
 * What somebody is told now, and how: at most one of `email` and `phone`, sealed for their row in `users`. Neither when they have none, want none, or it was refused
 * before. Only a guardian is written to by phone, and only where no mail reaches them.
 */
export type ClaimedNews = {
  count: number
  email: Buffer | null
  emailHash: Buffer | null
  phone: Buffer | null
  phoneHash: Buffer | null
  preferredLanguage: string
}

/**
 * Decides at this moment what one notification of a batch tells (law 1), and writes down that it is this one: an attempt that comes again tells of the same, and of what is
 * still news of it. Null when there is nothing, or nobody to be told.
 */
export const claimNews = ({ db, districtId }: DistrictTransaction, { userId, batch, notification }: Ref): Promise<ClaimedNews | null> =>
  findRow(
    db,
    sql<ClaimedNews>`
      with claimed as (
        update notices n set told_in = ${notification}
        where n.district_id = ${districtId} and n.user_id = ${userId} and n.batch = ${batch}
          and case when exists (
            select 1 from notices begun where begun.district_id = ${districtId} and begun.user_id = ${userId} and begun.batch = ${batch}
              and begun.told_in = ${notification}) then n.told_in = ${notification} else n.told_in is null end
          and ${isNews(districtId, 'n', userId)}
        returning n.id)
      select (select count(*)::int from claimed) as count, ${preferredLanguage('u')} as "preferredLanguage", u.email_hash as "emailHash",
        u.phone_hash as "phoneHash", case when ways.has_mail and s.mail_off_at is null then u.email end as email,
        case when not ways.has_mail and u.role = 'guardian' and s.sms_off_at is null
          and (s.refused_phone_hash is null or s.refused_phone_hash is distinct from u.phone_hash) then u.phone end as phone
      from users u left join notice_settings s on s.district_id = u.district_id and s.user_id = u.id
      cross join lateral (select u.email is not null
        and (s.refused_email_hash is null or s.refused_email_hash is distinct from u.email_hash) as has_mail) ways
      where u.district_id = ${districtId} and u.id = ${userId} and u.is_active and exists (select 1 from claimed)`,
  )

/**
 * The notification is over: it went out, or nobody could be reached by it, or (`isTold` false) there was nothing left to tell, which makes nobody wait longer for the next.
 */
export const markNotified = async (
  { db, districtId }: DistrictTransaction,
  { userId, batch, notification, isTold }: Ref & { isTold: boolean },
): Promise<void> => {
  await sql`
    update notice_batches b set told = ${notification}, told_at = case when ${isTold}::boolean then statement_timestamp() else b.told_at end
    where b.district_id = ${districtId} and b.user_id = ${userId} and b.batch = ${batch} and b.told < ${notification}`.execute(db)
}
