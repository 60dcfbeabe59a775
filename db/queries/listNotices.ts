import { sql } from 'kysely'
import type { NoticeKind } from '../../domain/notices/noticeKinds.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { isSeenNotice, isShownNotice } from './isNews.ts'

export type NoticeRecord = {
  id: string
  kind: NoticeKind
  channelId: string | null
  sectionId: string | null
  subjectId: string
  createdAt: Date
  isSeen: boolean
}

/** A person's notices of what is still shown to them, newest first, behind `before`. */
export const listNotices = async (
  { db, districtId }: DistrictTransaction,
  { userId, before, limit }: { userId: string; before: string | null; limit: number },
): Promise<NoticeRecord[]> => {
  const rows = await findRows(
    db,
    sql<Omit<NoticeRecord, 'createdAt'> & { createdAt: string }>`
      select n.id, n.kind, n.channel_id as "channelId", n.section_id as "sectionId", n.subject_id as "subjectId", n.created_at as "createdAt",
        ${isSeenNotice(districtId, 'n')} as "isSeen"
      from notices n
      where n.district_id = ${districtId} and n.user_id = ${userId} and (${before}::uuid is null or n.id < ${before}::uuid)
        and ${isShownNotice(districtId, 'n', userId)}
      order by n.id desc limit ${limit}`,
  )
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: toTime(createdAt) }))
}

/** The person sets a notice aside; doing it twice is doing it once. Answers whether there is one that is shown to them. */
export const markNoticeSeen = async (
  { db, districtId }: DistrictTransaction,
  { userId, noticeId }: { userId: string; noticeId: string },
): Promise<boolean> => {
  const isOwn = sql`n.district_id = ${districtId} and n.id = ${noticeId} and n.user_id = ${userId} and ${isShownNotice(districtId, 'n', userId)}`
  await sql`
    with seen as (
      update notices n set seen_at = statement_timestamp() where ${isOwn} and n.seen_at is null returning n.district_id, n.user_id, n.id)
    ${eventsOf('notice.seen', { from: 'seen', userId: sql`seen.user_id`, subject: sql`seen.id` })}`.execute(db)
  const found = await findRows(db, sql`select 1 from notices n where ${isOwn}`)
  return found.length === 1
}
