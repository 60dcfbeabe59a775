import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * Law 1, in SQL and in one place: the live roster decides. Every query that reads or writes on somebody's behalf embeds one of
 * these fragments, so that deciding and acting are one statement. Dates are the district's, by the database's clock at the start
 * of the statement; a relation is live when begins ≤ today < ends.
 *
 * What is looked up by a key is written as a scalar subquery, not as a join: the planner then has two or three tables to order
 * instead of eight, which made planning the longest part of every statement.
 */

/** An SQL expression: a column of the query around, or a parameter. */
type Expression = RawBuilder<unknown>

/** Goes in front of a subquery whose parts ask for `today`. */
const withToday = (districtId: string): RawBuilder<unknown> => sql`
  with today as materialized (
    select (statement_timestamp() at time zone d.time_zone)::date as day from districts d where d.id = ${districtId})`

const holdsToday = (alias: string): RawBuilder<boolean> => {
  const row = sql.ref(alias)
  return sql`${row}.begins <= (select day from today) and (${row}.ends is null or (select day from today) < ${row}.ends)`
}

const isCurrent = (alias: string): RawBuilder<boolean> => sql`${sql.ref(alias)}.until_version is null and ${holdsToday(alias)}`

const isActive = (districtId: string, userId: Expression): RawBuilder<boolean> =>
  sql`(select u.is_active from users u where u.district_id = ${districtId} and u.id = ${userId})`

/** The school year of the section's term if the term runs today, else null. */
const runningYear = (districtId: string): RawBuilder<number | null> => sql`(
  select term.school_year from sections section
  join terms term on term.district_id = section.district_id and term.id = section.term_id
  where section.district_id = ${districtId} and section.id = teaching.section_id and ${holdsToday('term')})`

/**
 * `from … where …` over pairs of a teacher and a student whom a section of a running term connects today, both active. Aliases for
 * the query around: `teaching.user_id`, `learning.user_id`.
 */
const livePairs = (districtId: string, joins: RawBuilder<unknown> = sql``): RawBuilder<unknown> => sql`
  from enrollments teaching
  join enrollments learning on learning.district_id = teaching.district_id and learning.section_id = teaching.section_id
  ${joins}
  where teaching.district_id = ${districtId} and learning.district_id = ${districtId}
    and teaching.role = 'teacher' and ${isCurrent('teaching')}
    and learning.role = 'student' and ${isCurrent('learning')}
    and ${isActive(districtId, sql`teaching.user_id`)} and ${isActive(districtId, sql`learning.user_id`)}
    and ${runningYear(districtId)} is not null`

/** A guardian who may be written to today: confirmed custody only (law 4). Alias: `guarding`. */
const isLiveGuardian = (districtId: string): RawBuilder<boolean> => sql`
  guarding.district_id = ${districtId} and guarding.custody = 'permitted' and ${isCurrent('guarding')}
    and ${isActive(districtId, sql`guarding.guardian_id`)}`

/** `livePairs` with every guardian of the student but the teacher, who has nobody to write to there: alias `guarding`. */
const liveTriples = (districtId: string): RawBuilder<unknown> => sql`
  ${livePairs(districtId, sql`join guardianships guarding on guarding.district_id = learning.district_id and guarding.student_id = learning.user_id`)}
    and ${isLiveGuardian(districtId)} and guarding.guardian_id <> teaching.user_id`

/** The three people of a channel, as expressions. */
export type ChannelPeople = { teacher: Expression; participant: Expression; student: Expression }

/** A subquery of the school years (`school_year`) in which the roster connects these people today; empty when it does not. */
export const liveSchoolYears = (districtId: string, { teacher, participant, student }: ChannelPeople): RawBuilder<unknown> => sql`
  ${withToday(districtId)}
  select ${runningYear(districtId)} as school_year ${livePairs(districtId)}
    and teaching.user_id = ${teacher} and learning.user_id = ${student}
    and (${participant} = ${student} or exists (
      select 1 from guardianships guarding
      where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${participant} and guarding.student_id = ${student}
        and guarding.guardian_id <> teaching.user_id))`

/**
 * Whether the live roster connects the people of a channel, in the channel's own school year. `alias` is the name that the query
 * around gives to `channels`. A channel of last year stays closed when a new year connects the same people: they get a new one.
 */
export const isLiveChannel = (districtId: string, alias: string): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  const people = { teacher: sql`${channel}.teacher_id`, participant: sql`${channel}.participant_id`, student: sql`${channel}.student_id` }
  return sql`(${channel}.school_year in (${liveSchoolYears(districtId, people)}))`
}

/** Whether the person is one of the two who converse in the channel. */
export const isPartyOf = (alias: string, userId: string): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  return sql`(${channel}.teacher_id = ${userId} or ${channel}.participant_id = ${userId})`
}

/**
 * A subquery of everybody whom the live roster connects with `userId` today, one row for each channel there is or could be:
 * `teacher_id, participant_id, student_id, school_year`. Lists start here, never from the channels, of which most may have ended.
 */
export const livePartners = (districtId: string, userId: string): RawBuilder<unknown> => {
  const year = runningYear(districtId)
  return sql`(
  ${withToday(districtId)}
  select teaching.user_id as teacher_id, learning.user_id as participant_id, learning.user_id as student_id, ${year} as school_year
    ${livePairs(districtId)} and teaching.user_id = ${userId}
  union
  select teaching.user_id, guarding.guardian_id, learning.user_id, ${year} ${liveTriples(districtId)} and teaching.user_id = ${userId}
  union
  select teaching.user_id, learning.user_id, learning.user_id, ${year} ${livePairs(districtId)} and learning.user_id = ${userId}
  union
  select teaching.user_id, guarding.guardian_id, learning.user_id, ${year} ${liveTriples(districtId)} and guarding.guardian_id = ${userId})`
}
