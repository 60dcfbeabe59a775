import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { isShownAttachment } from './isShown.ts'
import { isLiveChannel } from './liveRelation.ts'
import { isReadable, livePlaces, teachesSection } from './liveSection.ts'
import { isReadBy } from './readsAlong.ts'

/**
 * Whether the person sees the attachment now: exactly as its message or its announcement is seen, and before it is posted by its uploader alone, while the
 * roster gives them the channel or has them teach the section that it was sent to.
 */
export const isSeenAttachment = (districtId: string, alias: string, userId: string | RawBuilder<unknown>): RawBuilder<boolean> => {
  const a = sql.ref(alias)
  return sql`(case when ${a}.channel_id is not null then exists (
      select 1 from channels c where c.district_id = ${a}.district_id and c.id = ${a}.channel_id
        and ${isReadBy(districtId, 'c', userId, 'attachments')} and ${isShownAttachment(alias, 'c', userId)})
    else coalesce((
      select case when ${a}.announcement_id is null then place.is_teacher and ${a}.uploader_id = ${userId} else coalesce((
        select ${isReadable('place', 'n', userId)} from announcements n
        where n.district_id = ${a}.district_id and n.id = ${a}.announcement_id and n.section_id = place.section_id), false) end
      from ${livePlaces(districtId, userId)} place
      where place.section_id = ${a}.section_id and place.has_attachments), false) end)`
}

/** Whether the roster still gives the person the place that the attachment was sent to: a party of the channel, or a teacher of the section. */
export const hasPlaceOf = (districtId: string, alias: string, userId: string | RawBuilder<unknown>): RawBuilder<boolean> => {
  const a = sql.ref(alias)
  return sql`(case when ${a}.channel_id is not null then exists (
      select 1 from channels c where c.district_id = ${a}.district_id and c.id = ${a}.channel_id
        and (c.teacher_id = ${userId} or c.participant_id = ${userId}) and ${isLiveChannel(districtId, 'c', 'attachments')})
    else ${teachesSection(districtId, userId, sql`${a}.section_id`, 'attachments')} end)`
}
