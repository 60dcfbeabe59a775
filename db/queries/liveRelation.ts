import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * Law 1, in SQL and in one place: the live roster decides. Every query that reads or writes on somebody's behalf embeds one of
 * these fragments, so that deciding and acting are one statement. Dates are the district's, by the database's clock at the start
 * of the statement; a relation is live when begins ≤ today < ends.
 */

/** An SQL expression: a column of the query around, or a parameter. */
type Expression = RawBuilder<unknown>

const today = (districtId: string): RawBuilder<Date> =>
  sql`(select (statement_timestamp() at time zone d.time_zone)::date from districts d where d.id = ${districtId})`

const isCurrent = (alias: string, districtId: string): RawBuilder<boolean> => {
  const row = sql.ref(alias)
  return sql`${row}.until_version is null and ${row}.begins <= ${today(districtId)} and (${row}.ends is null or ${today(districtId)} < ${row}.ends)`
}

/**
 * `from … where …` over pairs of a teacher and a student whom a section of a running term connects today, both active. Aliases for
 * the query around: `teaching.user_id`, `learning.user_id`, `term.school_year`.
 */
const livePairs = (districtId: string, joins: RawBuilder<unknown> = sql``): RawBuilder<unknown> => sql`
  from enrollments teaching
  join enrollments learning on learning.district_id = teaching.district_id and learning.section_id = teaching.section_id
  join sections section on section.district_id = teaching.district_id and section.id = teaching.section_id
  join terms term on term.district_id = section.district_id and term.id = section.term_id
  join users teacher on teacher.district_id = teaching.district_id and teacher.id = teaching.user_id
  join users student on student.district_id = learning.district_id and student.id = learning.user_id
  ${joins}
  where teaching.district_id = ${districtId} and learning.district_id = ${districtId}
    and teaching.role = 'teacher' and ${isCurrent('teaching', districtId)}
    and learning.role = 'student' and ${isCurrent('learning', districtId)}
    and term.begins <= ${today(districtId)} and ${today(districtId)} < term.ends
    and teacher.is_active and student.is_active`

/** A guardian who may be written to today: confirmed custody only (law 4). Aliases: `guarding`, `guardian`. */
const isLiveGuardian = (districtId: string): RawBuilder<boolean> => sql`
  guarding.district_id = ${districtId} and guarding.custody = 'permitted' and ${isCurrent('guarding', districtId)} and guardian.is_active`

const joinGuardian = sql`join users guardian on guardian.district_id = guarding.district_id and guardian.id = guarding.guardian_id`

/** `livePairs` with every guardian of the student: alias `guarding.guardian_id`. */
const liveTriples = (districtId: string): RawBuilder<unknown> => sql`
  ${livePairs(
    districtId,
    sql`join guardianships guarding on guarding.district_id = learning.district_id and guarding.student_id = learning.user_id ${joinGuardian}`,
  )}
    and ${isLiveGuardian(districtId)}`

/** The three people of a channel, as expressions. */
export type ChannelPeople = { teacher: Expression; participant: Expression; student: Expression }

/** A subquery of the school years in which the roster connects these people today; empty when it does not. */
export const liveSchoolYears = (districtId: string, { teacher, participant, student }: ChannelPeople): RawBuilder<unknown> => sql`
  select term.school_year ${livePairs(districtId)}
    and teaching.user_id = ${teacher} and learning.user_id = ${student}
    and (${participant} = ${student} or exists (
      select 1 from guardianships guarding ${joinGuardian}
      where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${participant} and guarding.student_id = ${student}))`

/**
 * Whether the live roster connects the people of a channel, in the channel's own school year. `alias` is the name that the query
 * around gives to `channels`. A channel of last year stays closed when a new year connects the same people: they get a new one.
 */
export const isLiveChannel = (districtId: string, alias: string): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  const people = { teacher: sql`${channel}.teacher_id`, participant: sql`${channel}.participant_id`, student: sql`${channel}.student_id` }
  return sql`exists (${liveSchoolYears(districtId, people)} and term.school_year = ${channel}.school_year)`
}

/** Whether the person is one of the two who converse in the channel. */
export const isPartyOf = (alias: string, userId: string): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  return sql`(${channel}.teacher_id = ${userId} or ${channel}.participant_id = ${userId})`
}

/**
 * A subquery of everybody whom the live roster connects with `userId` today, one row for each channel there is or could be:
 * `teacher_id, participant_id, student_id, school_year`. Lists start here, never from the channels (facts: access).
 */
export const livePartners = (districtId: string, userId: string): RawBuilder<unknown> => sql`
  (select teaching.user_id as teacher_id, learning.user_id as participant_id, learning.user_id as student_id, term.school_year
    ${livePairs(districtId)} and teaching.user_id = ${userId}
  union
  select teaching.user_id, guarding.guardian_id, learning.user_id, term.school_year
    ${liveTriples(districtId)} and teaching.user_id = ${userId}
  union
  select teaching.user_id, learning.user_id, learning.user_id, term.school_year
    ${livePairs(districtId)} and learning.user_id = ${userId}
  union
  select teaching.user_id, guarding.guardian_id, learning.user_id, term.school_year
    ${liveTriples(districtId)} and guarding.guardian_id = ${userId})`
