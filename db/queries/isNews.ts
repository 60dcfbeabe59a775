import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { hasRead } from './announcementRow.ts'
import { isShownMessage } from './isShown.ts'
import { isLiveChannel } from './liveRelation.ts'
import { isReadable, livePlaces } from './liveSection.ts'

/**
 * Whether what a notice is about is shown to its person at this moment: by the live roster, and neither hidden from them nor withdrawn. `alias` is the name that
 * the query around gives to `notices`, of which it takes those of `userId` only.
 */
export const isShownNotice = (districtId: string, alias: string, userId: string): RawBuilder<boolean> => {
  const notice = sql.ref(alias)
  return sql`case ${notice}.kind when 'message' then coalesce((
    select true from channels c
    join messages m on m.district_id = c.district_id and m.id = ${notice}.subject_id
    where c.district_id = ${districtId} and c.id = ${notice}.channel_id
      and ${notice}.user_id in (c.teacher_id, c.participant_id) and m.withdrawn_at is null
      and ${isShownMessage('m', 'c', sql`${notice}.user_id`)} and ${isLiveChannel(districtId, 'c')}
    limit 1), false)
  when 'announcement' then coalesce((
    select true from announcements a
    join ${livePlaces(districtId, userId)} place on place.section_id = a.section_id
    where a.district_id = ${districtId} and a.id = ${notice}.subject_id and a.withdrawn_at is null and ${isReadable('place', 'a', userId)}
    limit 1), false)
  else false end`
}

/** Whether its person has set it aside, or read what it is about: of messages as far as it. */
export const isSeenNotice = (districtId: string, alias: string): RawBuilder<boolean> => {
  const notice = sql.ref(alias)
  return sql`(${notice}.seen_at is not null or case ${notice}.kind when 'message' then coalesce((
    select true from messages m
    join read_marks mark on mark.district_id = m.district_id and mark.channel_id = m.channel_id and mark.user_id = ${notice}.user_id
    where m.district_id = ${districtId} and m.id = ${notice}.subject_id and mark.seq >= m.seq
    limit 1), false)
  else coalesce((
    select true from announcements a
    where a.district_id = ${districtId} and a.id = ${notice}.subject_id and ${hasRead('a', sql`${notice}.user_id`)}
    limit 1), false) end)`
}

/** Whether its person is to be told of it now (law 1). */
export const isNews = (districtId: string, alias: string, userId: string): RawBuilder<boolean> =>
  sql`(not ${isSeenNotice(districtId, alias)} and ${isShownNotice(districtId, alias, userId)})`
