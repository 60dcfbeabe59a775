import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Feature } from '../../domain/features.ts'
import { isNotHeld, type Holds } from './isNotHeld.ts'
import { isSwitchedOn, isSwitchedOnIn } from './isSwitchedOn.ts'
import { worksOn } from './workDays.ts'

/**
 * Law 1, in SQL and in one place: the live roster decides. Every query that reads or writes on somebody's behalf embeds one of
 * these fragments, so that deciding and acting are one statement. Dates are the district's, by the database's clock at the start
 * of the statement; a relation is live when begins ≤ today < ends.
 *
 * What is looked up by a key is written as a scalar subquery, not as a join: the planner then has two or three tables to order
 * instead of eight, which made planning the longest part of every statement.
 */

/** An SQL expression: a column of the query around, or a parameter. */
export type Expression = RawBuilder<unknown>

/** Goes in front of a subquery whose parts ask for `today`. */
export const withToday = (districtId: string): RawBuilder<unknown> => sql`
  with today as materialized (
    select (statement_timestamp() at time zone d.time_zone)::date as day from districts d where d.id = ${districtId})`

const holdsToday = (alias: string): RawBuilder<boolean> => {
  const row = sql.ref(alias)
  return sql`(${row}.begins is null or ${row}.begins <= (select day from today)) and (${row}.ends is null or (select day from today) < ${row}.ends)`
}

/** An enrollment, a guardianship or a connection that is believed, holds today, and is not held by the brake. */
export const isCurrent = (alias: string, holds: Holds = 'as-ended'): RawBuilder<boolean> =>
  sql`${sql.ref(alias)}.until_version is null and ${holdsToday(alias)} and ${isNotHeld(alias, holds)}`

export const isActive = (districtId: string, userId: Expression, holds: Holds = 'as-ended'): RawBuilder<boolean> =>
  sql`(select u.is_active and ${isNotHeld('u', holds)} from users u where u.district_id = ${districtId} and u.id = ${userId})`

/** Whoever does not work for the district today, a parent there say, stands nowhere as a provider, whatever the district once connected. */
const isWorking = (districtId: string, userId: Expression, holds: Holds): RawBuilder<boolean> =>
  sql`(select ${worksOn('u', sql`(select day from today)`, holds)} from users u where u.district_id = ${districtId} and u.id = ${userId})`

/** A term that runs today. */
const isRunning = (alias: string, holds: Holds): RawBuilder<boolean> =>
  sql`${sql.ref(alias)}.is_active and ${isNotHeld(alias, holds)} and ${holdsToday(alias)}`

/** The school year of a section if one of its terms runs today and its school has the feature, else null. */
export const runningYear = (
  districtId: string,
  sectionId: Expression,
  holds: Holds,
  feature: Feature = 'messaging',
): RawBuilder<number | null> => sql`(
  select max(term.school_year) from sections section
  join section_terms running on running.district_id = section.district_id and running.section_id = section.id
  join terms term on term.district_id = running.district_id and term.id = running.term_id
  where section.district_id = ${districtId} and section.id = ${sectionId} and section.is_active and ${isNotHeld('section', holds)} and ${isRunning('term', holds)}
    and ${isSwitchedOn(districtId, feature, sql`section.school_id`)})`

/** The school year in which the district is today; null between the years, when nothing connects anybody. */
const presentYear = (districtId: string, holds: Holds): RawBuilder<number | null> => sql`(
  select max(term.school_year) from terms term where term.district_id = ${districtId} and ${isRunning('term', holds)})`

/** Whether the school of a section has a feature. */
export const isOnInSection = (districtId: string, feature: Feature, sectionId: Expression): RawBuilder<boolean> =>
  sql`(select ${isSwitchedOn(districtId, feature, sql`section.school_id`)} from sections section where section.district_id = ${districtId} and section.id = ${sectionId})`

/** Whether one of the schools where a student is enrolled today has a feature. */
const isOnForStudent = (districtId: string, feature: Feature, studentId: Expression, holds: Holds): RawBuilder<boolean> =>
  isSwitchedOnIn(
    districtId,
    feature,
    sql`(select attending.section_id from enrollments attending
      where attending.district_id = ${districtId} and attending.user_id = ${studentId} and attending.role = 'student' and ${isCurrent('attending', holds)})`,
  )

/** Which pairs are asked for, as a condition on the columns of the two people and of the section, which is null where the district connects them itself. */
export type WhichPairs = (columns: { teacher: Expression; student: Expression; section: Expression }) => RawBuilder<boolean>

/**
 * A subquery of pairs whom the roster connects today, both active: `teacher_id, student_id, section_id, school_year, has_guardians, has_attachments`. A section of a running term
 * connects its teachers with its students; the district itself connects a service provider with a student, who then stands where a teacher does, and a
 * substitute with a section, who stands there where its teachers do.
 * Nobody stands so to themselves, though a feed may enroll one person as both. `school_year` is null for a pair whose section runs in no term
 * today, or whose school has no messaging: leave those out. The last two columns say whether guardians may be written to and files sent by what connects
 * the pair; nothing works them out for a query that does not name them.
 */
const pairsToday = (districtId: string, which: WhichPairs, holds: Holds = 'as-ended'): RawBuilder<unknown> =>
  sql`(${pairsOfSections(districtId, which, holds)} union all ${pairsOfDistrict(districtId, which, holds)})`

/** Those whom a section connects. */
export const pairsOfSections = (districtId: string, which: WhichPairs, holds: Holds = 'as-ended'): RawBuilder<unknown> => sql`
  select teaching.user_id as teacher_id, learning.user_id as student_id, teaching.section_id, ${runningYear(districtId, sql`teaching.section_id`, holds)} as school_year,
    ${isOnInSection(districtId, 'guardians', sql`teaching.section_id`)} as has_guardians, ${isOnInSection(districtId, 'attachments', sql`teaching.section_id`)} as has_attachments
  from enrollments teaching
  join enrollments learning on learning.district_id = teaching.district_id and learning.section_id = teaching.section_id
  where teaching.district_id = ${districtId} and learning.district_id = ${districtId}
    and teaching.role = 'teacher' and ${isCurrent('teaching', holds)}
    and learning.role = 'student' and ${isCurrent('learning', holds)} and learning.user_id <> teaching.user_id
    and ${isActive(districtId, sql`teaching.user_id`, holds)} and ${isActive(districtId, sql`learning.user_id`, holds)}
    and ${which({ teacher: sql`teaching.user_id`, student: sql`learning.user_id`, section: sql`teaching.section_id` })}`

/** Those whom the district connects itself, by its provider connections. */
const pairsOfDistrict = (districtId: string, which: WhichPairs, holds: Holds): RawBuilder<unknown> => sql`
  select connection.provider_id, connection.student_id, null::uuid as section_id, ${presentYear(districtId, holds)},
    ${isOnForStudent(districtId, 'guardians', sql`connection.student_id`, holds)}, ${isOnForStudent(districtId, 'attachments', sql`connection.student_id`, holds)}
  from provider_connections connection
  where connection.district_id = ${districtId} and ${isCurrent('connection', holds)} and connection.student_id <> connection.provider_id
    and ${isWorking(districtId, sql`connection.provider_id`, holds)} and ${isActive(districtId, sql`connection.provider_id`, holds)} and ${isActive(districtId, sql`connection.student_id`, holds)}
    and ${isOnForStudent(districtId, 'messaging', sql`connection.student_id`, holds)}
    and ${which({ teacher: sql`connection.provider_id`, student: sql`connection.student_id`, section: sql`null::uuid` })}
  union all
  select substitution.provider_id, learning.user_id, substitution.section_id, ${runningYear(districtId, sql`substitution.section_id`, holds)},
    ${isOnInSection(districtId, 'guardians', sql`substitution.section_id`)}, ${isOnInSection(districtId, 'attachments', sql`substitution.section_id`)}
  from provider_connections substitution
  join enrollments learning on learning.district_id = substitution.district_id and learning.section_id = substitution.section_id
  where substitution.district_id = ${districtId} and learning.district_id = ${districtId}
    and substitution.section_id is not null and ${isCurrent('substitution', holds)}
    and learning.role = 'student' and ${isCurrent('learning', holds)} and learning.user_id <> substitution.provider_id
    and ${isWorking(districtId, sql`substitution.provider_id`, holds)} and ${isActive(districtId, sql`substitution.provider_id`, holds)} and ${isActive(districtId, sql`learning.user_id`, holds)}
    and ${which({ teacher: sql`substitution.provider_id`, student: sql`learning.user_id`, section: sql`substitution.section_id` })}`

/** A guardian who may be written to today: confirmed custody only (law 4). Alias: `guarding`. */
export const isLiveGuardian = (districtId: string, holds: Holds = 'as-ended'): RawBuilder<boolean> => sql`
  guarding.district_id = ${districtId} and guarding.custody = 'permitted' and ${isCurrent('guarding', holds)}
    and ${isActive(districtId, sql`guarding.guardian_id`, holds)}`

/** The three people of a channel, as expressions. */
export type ChannelPeople = { teacher: Expression; participant: Expression; student: Expression }

/** What is asked of a channel beside its people: that what connects them has files, or translations. */
export type ChannelNeed = 'attachments' | 'translations'

/** As a condition on a row of `pairsToday` under the alias `pair`. Few statements ask for translations, so only they carry what works that out. */
export const isMet = (districtId: string, need: ChannelNeed | undefined): RawBuilder<unknown> => {
  if (need === undefined) return sql``
  if (need === 'attachments') return sql`and pair.has_attachments`
  return sql`and (case when pair.section_id is null then ${isOnForStudent(districtId, need, sql`pair.student_id`, 'as-ended')}
    else ${isOnInSection(districtId, need, sql`pair.section_id`)} end)`
}

/** A subquery of the school years (`school_year`) in which the roster connects these people today; empty when it does not. */
export const liveSchoolYears = (
  districtId: string,
  { teacher, participant, student }: ChannelPeople,
  need?: ChannelNeed,
): RawBuilder<unknown> => sql`
  ${withToday(districtId)}
  select pair.school_year
  from ${pairsToday(districtId, (columns) => sql`${columns.teacher} = ${teacher} and ${columns.student} = ${student}`)} pair
  where pair.school_year is not null ${isMet(districtId, need)}
    and (${participant} = ${student} or pair.has_guardians and exists (
      select 1 from guardianships guarding
      where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${participant} and guarding.student_id = ${student}
        and guarding.guardian_id <> pair.teacher_id))`

/**
 * Whether the live roster connects the people of a channel, in the channel's own school year. `alias` is the name that the query
 * around gives to `channels`. A channel of last year stays closed when a new year connects the same people: they get a new one.
 */
export const isLiveChannel = (districtId: string, alias: string, need?: ChannelNeed): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  const people = { teacher: sql`${channel}.teacher_id`, participant: sql`${channel}.participant_id`, student: sql`${channel}.student_id` }
  return sql`(${channel}.school_year in (${liveSchoolYears(districtId, people, need)}))`
}

/** Whether the person is one of the two who converse in the channel. */
export const isPartyOf = (alias: string, userId: string | Expression): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  return sql`(${channel}.teacher_id = ${userId} or ${channel}.participant_id = ${userId})`
}

/**
 * A subquery of everybody whom the live roster connects with `userId` today, one row for each channel there is or could be:
 * `teacher_id, participant_id, student_id, school_year`. Lists start here, never from the channels, of which most may have ended.
 */
export const livePartners = (districtId: string, userId: string): RawBuilder<unknown> => sql`(
  ${withToday(districtId)},
  taught as materialized (select teacher_id, student_id, school_year, has_guardians from ${pairsToday(districtId, ({ teacher }) => sql`${teacher} = ${userId}`)} pair where pair.school_year is not null)
  select teacher_id, student_id as participant_id, student_id, school_year from taught
  union
  select taught.teacher_id, guarding.guardian_id, taught.student_id, taught.school_year
  from taught
  join guardianships guarding on guarding.district_id = ${districtId} and guarding.student_id = taught.student_id
  where taught.has_guardians and ${isLiveGuardian(districtId)} and guarding.guardian_id <> taught.teacher_id
  union
  select pair.teacher_id, pair.student_id, pair.student_id, pair.school_year
  from ${pairsToday(districtId, ({ student }) => sql`${student} = ${userId}`)} pair
  where pair.school_year is not null
  union
  select pair.teacher_id, guarding.guardian_id, pair.student_id, pair.school_year
  from guardianships guarding
  cross join lateral ${pairsToday(districtId, ({ student }) => sql`${student} = guarding.student_id`)} pair
  where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${userId}
    and pair.school_year is not null and pair.has_guardians and guarding.guardian_id <> pair.teacher_id)`

/**
 * A subquery of every channel that the roster allows today for these pairs: `teacher_id, participant_id, student_id, school_year`, the guardians'
 * included. For comparing who could reach whom before a change of the roster and after it; `holds` says how what the brake holds counts. Without
 * `offset 0` Postgres works out each school year twice: once to compare it with null, once to answer it.
 */
export const liveChannelsOf = (districtId: string, which: WhichPairs, holds: Holds = 'as-ended'): RawBuilder<unknown> => sql`(
  ${withToday(districtId)},
  today_pair as (select teacher_id, student_id, school_year, has_guardians from ${pairsToday(districtId, which, holds)} today offset 0),
  pair as materialized (select distinct * from today_pair where school_year is not null)
  select teacher_id, student_id as participant_id, student_id, school_year from pair
  union
  select pair.teacher_id, guarding.guardian_id, pair.student_id, pair.school_year
  from pair
  join guardianships guarding on guarding.district_id = ${districtId} and guarding.student_id = pair.student_id
  where pair.has_guardians and ${isLiveGuardian(districtId, holds)} and guarding.guardian_id <> pair.teacher_id)`
