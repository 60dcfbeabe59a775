import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { fixedStatement } from '../fixedStatement.ts'
import { hasReadAlongs } from './hasReadAlongs.ts'
import { isSeenAttachment } from './isSeenAttachment.ts'
import { isShownMessage } from './isShown.ts'
import { isLiveChannel, isOnInSection } from './liveRelation.ts'
import { isReadable, livePlaces, standingTo } from './liveSection.ts'
import type { EventRecord } from './eventRow.ts'
import { isReadBy } from './readsAlong.ts'

/** Sessions that hold at this moment, of active people: `session_id, user_id`. */
export const listeningSessions = (districtId: string, sessionIds: readonly string[]): RawBuilder<unknown> => sql`(
  select s.id as session_id, s.user_id from sessions s
  join users u on u.district_id = s.district_id and u.id = s.user_id
  where s.district_id = ${districtId} and s.id = any(${sessionIds}::uuid[]) and s.ended_at is null
    and statement_timestamp() < s.expires_at and u.is_active)`

const reader = sql`listening.user_id`

const isSeenFile = (districtId: string): RawBuilder<boolean> => sql`coalesce((
  select ${isSeenAttachment(districtId, 'a', reader)} from attachments a
  where a.district_id = ${districtId} and a.id = e.subject_id), false)`

/**
 * Whether the roster puts the reader in the section, or a child of theirs, on whatever days: who may hear is asked of those alone. Looked up for each, since `exists` may be worked out
 * for everybody of the district at once.
 */
const isIn = (districtId: string): RawBuilder<boolean> => sql`coalesce((
    select true from enrollments mine
    where mine.district_id = ${districtId} and mine.user_id = ${reader} and mine.section_id = e.section_id and mine.until_version is null limit 1), (
    select true from guardianships guarding
    join enrollments theirs on theirs.district_id = guarding.district_id and theirs.user_id = guarding.student_id and theirs.section_id = e.section_id
    where guarding.district_id = ${districtId} and guarding.guardian_id = ${reader} and guarding.until_version is null and theirs.until_version is null limit 1), false)`

/** As `isToldInChannel`, of what is said to a section. */
const isToldInSection = (districtId: string): RawBuilder<boolean> => sql`(case
  when e.kind = 'attachment.changed' then ${isSeenFile(districtId)}
  else coalesce((
    select case when e.kind in ('announcement.posted', 'announcement.unhidden') then ${isReadable('place', 'n', reader)}
      when e.kind = 'announcement.translated' then ${isReadable('place', 'n', reader)} and ${isOnInSection(districtId, 'translations', sql`e.section_id`)}
      else ${standingTo('place', 'n', reader)} is not null end
    from ${livePlaces(districtId, reader)} place
    join announcements n on n.district_id = ${districtId} and n.id = e.subject_id and n.section_id = place.section_id
    where place.section_id = e.section_id), false) end)`

/** What else decides over what may be told, besides the kinds of the events. */
type Shape = { hasReadAlongs: boolean; hasTranslated: boolean }

const isShown = (districtId: string): RawBuilder<boolean> => sql`coalesce((
    select ${isShownMessage('m', 'c', reader)} from messages m where m.district_id = ${districtId} and m.id = e.subject_id), false)`

/**
 * Of a translation hears who reads its text where there are translations: elsewhere nothing is to say that there might be one (law 3). Where none of the events is of one, nothing
 * works that out.
 */
const isToldOfTranslation = (districtId: string, { hasTranslated }: Shape, isReadHere: RawBuilder<boolean>): RawBuilder<boolean> =>
  hasTranslated ? sql`(coalesce(${isReadHere}, false) and ${isShown(districtId)})` : sql`false`

/**
 * What is shown to the reader at this moment, of a channel whose party they are. That a channel ended, the roster has ended already; that a message is gone, whoever
 * saw it hears, so that it goes from their screen too.
 */
const isToldInChannel = (districtId: string, shape: Shape): RawBuilder<boolean> => sql`(case
  when e.kind = 'channel.ended' then true
  when e.kind = 'message.translated' then ${isToldOfTranslation(districtId, shape, isLiveChannel(districtId, 'c', 'translations'))}
  when not coalesce(${isLiveChannel(districtId, 'c')}, false) then false
  when e.kind in ('message.posted', 'message.unhidden') then ${isShown(districtId)}
  when e.kind = 'attachment.changed' then ${isSeenFile(districtId)}
  when e.kind = 'channel.read' then e.subject_id = ${reader} or c.teacher_id = ${reader} and e.subject_id = c.participant_id
  else true end)`

/**
 * What is shown to the reader at this moment, of a channel that they read along. That it ended is told to its people alone: who reads along no more is shown no
 * more of it, and is not told why.
 */
const isToldAlong = (districtId: string, shape: Shape): RawBuilder<boolean> => sql`(case
  when e.kind = 'attachment.changed' then ${isSeenFile(districtId)}
  when e.kind = 'channel.ended' or e.kind = 'channel.read' and e.subject_id <> ${reader} then false
  when e.kind = 'message.translated' then ${isToldOfTranslation(districtId, shape, isReadBy(districtId, 'c', reader, 'translations'))}
  when not coalesce(${isReadBy(districtId, 'c', reader)}, false) then false
  when e.kind in ('message.posted', 'message.unhidden') then ${isShown(districtId)}
  else true end)`

/** Who may read along, of whatever days: the guardians of the channel's student, and the teachers of the student's sections. The live roster is asked of those alone. */
const nearby = (districtId: string): RawBuilder<unknown> => sql`(
  select e.id as event_id, guarding.guardian_id as user_id
  from told e
  join channels c on c.district_id = ${districtId} and c.id = e.channel_id
  join guardianships guarding on guarding.district_id = ${districtId} and guarding.student_id = c.student_id and guarding.until_version is null
  union
  select e.id, teaching.user_id
  from told e
  join channels c on c.district_id = ${districtId} and c.id = e.channel_id
  join enrollments learning on learning.district_id = ${districtId} and learning.user_id = c.student_id and learning.role = 'student'
    and learning.until_version is null
  join enrollments teaching on teaching.district_id = ${districtId} and teaching.section_id = learning.section_id and teaching.role = 'teacher'
    and teaching.until_version is null)`

/** Who reads along hears of what they read, as the two who converse do. */
const toldAlong = (districtId: string, shape: Shape): RawBuilder<unknown> => sql`
  union all
  select e.id, listening.session_id
  from ${nearby(districtId)} near
  join told e on e.id = near.event_id
  join channels c on c.district_id = ${districtId} and c.id = e.channel_id
  join listening on ${reader} = near.user_id and ${reader} not in (c.teacher_id, c.participant_id)
  where ${isToldAlong(districtId, shape)}`

/**
 * Which of these sessions may hear of which of these events, by the live roster at this moment (law 1). Whoever may not is told nothing, not even that there was
 * something. Call it under `readDistrict`: it takes two looks.
 */
export const listEventReaders = async (
  tx: DistrictTransaction,
  { events, sessionIds }: { events: readonly Pick<EventRecord, 'id' | 'kind'>[]; sessionIds: readonly string[] },
): Promise<{ eventId: string; sessionId: string }[]> => {
  const eventIds = events.map(({ id }) => id)
  const hasTranslated = events.some(({ kind }) => kind === 'message.translated')
  return readersOf(tx.db, { districtId: tx.districtId, eventIds, sessionIds }, { hasReadAlongs: await hasReadAlongs(tx), hasTranslated })
}

type Values = { districtId: string; eventIds: readonly string[]; sessionIds: readonly string[] }

const readersOf = fixedStatement(
  ({ districtId, eventIds, sessionIds }: Values, shape: Shape) => sql<{ eventId: string; sessionId: string }>`
    with listening as materialized ${listeningSessions(districtId, sessionIds)},
    told as materialized (select * from events told where told.district_id = ${districtId} and told.id = any(${eventIds}::uuid[]))
    select e.id as "eventId", listening.session_id as "sessionId"
    from told e
    join channels c on c.district_id = ${districtId} and c.id = e.channel_id
    join listening on ${reader} in (c.teacher_id, c.participant_id)
    where ${isToldInChannel(districtId, shape)}
    ${shape.hasReadAlongs ? toldAlong(districtId, shape) : sql``}
    union all
    select e.id, listening.session_id from told e
    join listening on ${isIn(districtId)}
    where e.section_id is not null and ${isToldInSection(districtId)}
    union all
    select e.id, listening.session_id from told e join listening on ${reader} = e.user_id`,
)
