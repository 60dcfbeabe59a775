import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { messageReaders, messageStates } from '../../domain/shownMessage.ts'
import { isActive, isCurrent, isLiveGuardian, isOnInSection, runningYear, withToday } from './liveRelation.ts'

/**
 * Law 1 for what is said to a whole section, in SQL and in one place. A section speaks while one of its terms runs and its school has announcements, by a teacher whom an
 * enrollment puts there: whom the district itself connects with students is no teacher of a section. `domain/roster/decideScope.ts` says the same, pure.
 */

const enrolled = (alias: string, districtId: string, role: 'teacher' | 'student'): RawBuilder<boolean> => {
  const row = sql.ref(alias)
  return sql`${row}.district_id = ${districtId} and ${row}.role = ${sql.lit(role)} and ${isCurrent(alias, 'as-ended')}
    and ${isActive(districtId, sql`${row}.user_id`, 'as-ended')}`
}

/**
 * A subquery of every section in which the roster puts the person today, one row each: `section_id, is_teacher, is_student`, `children`, the students there
 * whose guardian they are, `teachers`, all of that section, and `has_attachments`, whether files can be sent and seen there. Lists start here, never from the announcements.
 */
export const livePlaces = (districtId: string, userId: string | RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  ${withToday(districtId)},
  standing as materialized (
    select teaching.section_id, 'teacher' as role, teaching.user_id as student_id from enrollments teaching
    where ${enrolled('teaching', districtId, 'teacher')} and teaching.user_id = ${userId}
    union all
    select learning.section_id, 'student', learning.user_id from enrollments learning
    where ${enrolled('learning', districtId, 'student')} and learning.user_id = ${userId}
    union all
    select learning.section_id, 'guardian', learning.user_id from guardianships guarding
    join enrollments learning on learning.district_id = guarding.district_id and learning.user_id = guarding.student_id
    where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${userId} and guarding.student_id <> guarding.guardian_id
      and ${enrolled('learning', districtId, 'student')} and ${isOnInSection(districtId, 'guardians', sql`learning.section_id`)}),
  place as materialized (
    select section_id, bool_or(role = 'teacher') as is_teacher, bool_or(role = 'student') as is_student,
      coalesce(array_agg(distinct student_id) filter (where role = 'guardian'), '{}') as children
    from standing group by section_id)
  select place.*, ${isOnInSection(districtId, 'attachments', sql`place.section_id`)} as has_attachments, array(
    select distinct teaching.user_id from enrollments teaching
    where ${enrolled('teaching', districtId, 'teacher')} and teaching.section_id = place.section_id) as teachers
  from place where ${runningYear(districtId, sql`place.section_id`, 'as-ended', 'announcements')} is not null)`

/** The children for whom the guardian behind `place` receives the announcement: none when it is not for guardians. Nobody receives their own. */
export const childrenOf = (placeAlias: string, alias: string, userId: string | RawBuilder<unknown>): RawBuilder<string[]> => {
  const [place, announcement] = [sql.ref(placeAlias), sql.ref(alias)]
  return sql`(case when ${announcement}.recipients <> 'students' and ${announcement}.author_id <> ${userId}
    then array_remove(${place}.children, ${announcement}.author_id) else '{}'::uuid[] end)`
}

/** Whether the person behind `place` receives the announcement as a student. */
export const isStudentOf = (placeAlias: string, alias: string, userId: string | RawBuilder<unknown>): RawBuilder<boolean> => {
  const [place, announcement] = [sql.ref(placeAlias), sql.ref(alias)]
  return sql`(${place}.is_student and ${announcement}.recipients <> 'guardians' and ${announcement}.author_id <> ${userId})`
}

const isRecipient = (placeAlias: string, alias: string, userId: string | RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`(${isStudentOf(placeAlias, alias, userId)} or cardinality(${childrenOf(placeAlias, alias, userId)}) > 0)`

/** Its author teaches the section still: what somebody said who does not is the district's to read, by an audit, and nobody else's. */
const isSpoken = (placeAlias: string, alias: string): RawBuilder<boolean> =>
  sql`${sql.ref(alias)}.author_id = any(${sql.ref(placeAlias)}.teachers)`

/** How the person behind `place` stands to an announcement of that section: `teacher`, `participant`, or null for nobody of its. */
export const standingTo = (
  placeAlias: string,
  alias: string,
  userId: string | RawBuilder<unknown>,
): RawBuilder<'teacher' | 'participant' | null> => sql`(case
  when not (${isSpoken(placeAlias, alias)}) then null
  when ${sql.ref(placeAlias)}.is_teacher then 'teacher'
  when ${isRecipient(placeAlias, alias, userId)} then 'participant' end)`

/** Whether the person behind `place` reads the announcement now: `domain/shownMessage.ts` in SQL, as for messages. */
export const isReadable = (placeAlias: string, alias: string, userId: string | RawBuilder<unknown>): RawBuilder<boolean> => {
  const announcement = sql.ref(alias)
  const state = sql`(case when ${announcement}.withdrawn_at is not null then 'withdrawn' when ${announcement}.hidden_at is not null then 'hidden' else 'shown' end)`
  const readers = messageStates.flatMap((one) => messageReaders[one].map((standing) => `${one} ${standing}`))
  // Of nobody's standing nothing is readable: null is not among them, and never true.
  return sql`coalesce(${state} || ' ' || ${standingTo(placeAlias, alias, userId)} in (${sql.join(readers.map((word) => sql.lit(word)))}), false)`
}

/**
 * A subquery of everybody who receives the announcement behind `alias` now, one row each: `user_id`. Goes from the section to its people, where `livePlaces` goes
 * from a person to their sections.
 */
export const liveRecipients = (districtId: string, alias: string): RawBuilder<unknown> => {
  const n = sql.ref(alias)
  const inSection = sql`${enrolled('learning', districtId, 'student')} and learning.section_id = ${n}.section_id and learning.user_id <> ${n}.author_id
    and ${teachesSection(districtId, sql`${n}.author_id`, sql`${n}.section_id`)}`
  return sql`(
    ${withToday(districtId)}
    select learning.user_id from enrollments learning where ${inSection} and ${n}.recipients <> 'guardians'
    union
    select guarding.guardian_id from enrollments learning
    join guardianships guarding on guarding.district_id = learning.district_id and guarding.student_id = learning.user_id
    where ${inSection} and ${n}.recipients <> 'students' and ${isLiveGuardian(districtId)} and ${isOnInSection(districtId, 'guardians', sql`${n}.section_id`)}
      and guarding.guardian_id <> guarding.student_id and guarding.guardian_id <> ${n}.author_id)`
}

/** Whether the person teaches the section today: who may say something there, with files if the district has switched those on. */
export const teachesSection = (
  districtId: string,
  userId: string | RawBuilder<unknown>,
  sectionId: RawBuilder<unknown>,
  need?: 'attachments',
): RawBuilder<boolean> => sql`coalesce((
  select place.is_teacher ${need === 'attachments' ? sql`and place.has_attachments` : sql``} from ${livePlaces(districtId, userId)} place where place.section_id = ${sectionId}), false)`
