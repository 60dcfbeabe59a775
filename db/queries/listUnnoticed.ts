import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { liveRecipients } from './liveSection.ts'

/**
 * Some of those who receive the announcement at this moment and have no notice of it, by id, where it was said and in which language. Nobody while it is hidden, once it is withdrawn,
 * or where announcements are switched off. Transactions that list those of the same announcement do so one after the other: who is listed is listed by nobody else before they have a notice.
 */
export const listUnnoticed = async (
  { db, districtId }: DistrictTransaction,
  { announcementId, limit }: { announcementId: string; limit: number },
): Promise<{ userId: string; sectionId: string; language: string }[]> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`notices:${announcementId}`}, 0))`.execute(db)
  return findRows(
    db,
    sql<{ userId: string; sectionId: string; language: string }>`
      select recipient.user_id as "userId", n.section_id as "sectionId", n.language
      from announcements n
      cross join lateral ${liveRecipients(districtId, 'n')} recipient
      where n.district_id = ${districtId} and n.id = ${announcementId} and n.withdrawn_at is null and n.hidden_at is null
        and not coalesce((select true from notices known
          where known.district_id = ${districtId} and known.user_id = recipient.user_id and known.kind = 'announcement' and known.subject_id = n.id limit 1), false)
      order by recipient.user_id
      limit ${limit}`,
  )
}
