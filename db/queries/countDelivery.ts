import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { hasRead } from './announcementRow.ts'
import { livePlaces, liveRecipients, standingTo } from './liveSection.ts'

/** How far an announcement has come, of those whom the live roster names at this moment. Whoever lost it is in none of the counts. */
export type Delivery = {
  /** Who can see it now. None while it is hidden. */
  canSee: number
  /** Of these, who has read it. */
  haveRead: number
  /** Of these, who has never had a session. */
  notSignedUp: number
  /** Of those who never had a session, who has neither an e-mail address nor a phone in the roster that takes anything, so that nothing can tell them. */
  unreachable: number
}

/** Null unless the actor teaches the announcement's section now and it has not been withdrawn. Decided and counted in one statement (law 1). */
export const countDelivery = (
  { db, districtId }: DistrictTransaction,
  { announcementId, actorId }: { announcementId: string; actorId: string },
): Promise<Delivery | null> =>
  findRow(
    db,
    sql<Delivery>`
      select reached.* from announcements n
      join ${livePlaces(districtId, actorId)} p on p.section_id = n.section_id
      cross join lateral (
        select count(*)::int as "canSee",
          count(*) filter (where each.is_read)::int as "haveRead",
          count(*) filter (where not each.has_signed_in)::int as "notSignedUp",
          count(*) filter (where not each.has_signed_in and (u.email is null or coalesce(s.refused_email_hash = u.email_hash, false))
            and (u.phone is null or coalesce(s.refused_phone_hash = u.phone_hash, false)))::int as unreachable
        from (
          select recipient.user_id, ${hasRead('n', sql`recipient.user_id`)} as is_read,
            coalesce((select true from sessions s where s.district_id = ${districtId} and s.user_id = recipient.user_id limit 1), false) as has_signed_in
          from ${liveRecipients(districtId, 'n')} recipient where n.hidden_at is null) each
        join users u on u.district_id = ${districtId} and u.id = each.user_id
        left join notice_settings s on s.district_id = ${districtId} and s.user_id = u.id) reached
      where n.district_id = ${districtId} and n.id = ${announcementId} and n.withdrawn_at is null and ${standingTo('p', 'n', actorId)} = 'teacher'`,
  )
