import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { isNews } from './isNews.ts'

type Ref = { userId: string; batch: number; notification: number }

/** What somebody is told now. `email` is sealed for their row in `users`; null when they have none, want no mail, or it was refused before. */
export type ClaimedNews = { count: number; email: Buffer | null; emailHash: Buffer | null; preferredLanguage: string }

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
          and ${isNews(districtId, 'n')}
        returning n.id)
      select (select count(*)::int from claimed) as count, u.preferred_language as "preferredLanguage", u.email_hash as "emailHash",
        case when s.mail_off_at is null and (s.refused_email_hash is null or s.refused_email_hash is distinct from u.email_hash) then u.email end as email
      from users u left join notice_settings s on s.district_id = u.district_id and s.user_id = u.id
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

/** The address was refused for good: it is not tried again until the roster has another. */
export const markAddressRefused = async (
  { db, districtId }: DistrictTransaction,
  { userId, emailHash }: { userId: string; emailHash: Buffer },
): Promise<void> => {
  await sql`
    insert into notice_settings (district_id, user_id, refused_email_hash) values (${districtId}, ${userId}, ${emailHash})
    on conflict (district_id, user_id) do update set refused_email_hash = excluded.refused_email_hash`.execute(db)
}
