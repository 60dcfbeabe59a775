import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Feature } from '../../domain/features.ts'
import {
  isActive,
  isCurrent,
  isLiveChannel,
  isLiveGuardian,
  isMet,
  isOnInSection,
  isPartyOf,
  pairsOfSections,
  withToday,
  type ChannelNeed,
  type Expression,
} from './liveRelation.ts'

/** How somebody reads a channel: as one of the two who converse, or along with them. */
export type ReadsAs = 'party' | 'reader'

/** Whether the live roster lets the person read the channel so. `alias` is the name that the query around gives to `channels`. */
export const mayRead = (districtId: string, alias: string, userId: string, as: ReadsAs, need?: ChannelNeed): RawBuilder<boolean> =>
  as === 'party'
    ? sql`(${isPartyOf(alias, userId)} and ${isLiveChannel(districtId, alias, need)})`
    : readsAlong(districtId, alias, userId, need)

/** The same for whoever it is: one of the two, or who reads along. */
export const isReadBy = (
  districtId: string,
  alias: string,
  userId: string | Expression,
  need?: ChannelNeed,
): RawBuilder<boolean> => sql`(case
  when ${isPartyOf(alias, userId)} then ${isLiveChannel(districtId, alias, need)} else ${readsAlong(districtId, alias, userId, need)} end)`

/** Whether guardians read along in conversations that the section connects: it is on in its school, and for all of its grades where the district names grades. */
const isOnForGuardians = (districtId: string, sectionId: Expression): RawBuilder<boolean> => sql`(
  select exists (
    select 1 from feature_switches switched
    where switched.district_id = ${districtId} and switched.feature = ${'guardians-read-along' satisfies Feature} and switched.switched_off_at is null
      and (switched.school_id is null or switched.school_id = section.school_id)
      and (switched.grades is null or section.grades <> '{}' and section.grades <@ switched.grades))
  from sections section where section.district_id = ${districtId} and section.id = ${sectionId})`

const isGuardianOf = (districtId: string, guardian: Expression, student: Expression): RawBuilder<boolean> => sql`exists (
  select 1 from guardianships guarding
  where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${guardian} and guarding.student_id = ${student})`

/** The sections in which the person teaches today. */
const sectionsTaughtBy = (districtId: string, userId: string | Expression): RawBuilder<unknown> => sql`(
  select reading.section_id from enrollments reading
  where reading.district_id = ${districtId} and reading.user_id = ${userId} and reading.role = 'teacher' and ${isCurrent('reading')}
    and ${isActive(districtId, sql`reading.user_id`)})`

/**
 * Whether the person reads along: the student's guardian in a teacher's channel with the student, or another teacher of the section that connects the
 * channel's people, where the district has switched that on for the section's school. What a service provider writes with a student is read by no
 * third: a child may have to speak with a counselor about those at home.
 */
const readsAlong = (districtId: string, alias: string, userId: string | Expression, need?: ChannelNeed): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  const isOwnPair = ({ teacher, student }: { teacher: Expression; student: Expression }) =>
    sql<boolean>`${teacher} = ${channel}.teacher_id and ${student} = ${channel}.student_id`
  return sql`(${userId} not in (${channel}.teacher_id, ${channel}.participant_id, ${channel}.student_id) and ${channel}.school_year in (
    ${withToday(districtId)}
    select pair.school_year from (${pairsOfSections(districtId, isOwnPair)}) pair
    where pair.school_year is not null ${isMet(districtId, need)}
      and (${channel}.participant_id = ${channel}.student_id
        or pair.has_guardians and ${isGuardianOf(districtId, sql`${channel}.participant_id`, sql`${channel}.student_id`)})
      and (${isOnInSection(districtId, 'co-teachers-read-along', sql`pair.section_id`)}
          and pair.section_id in ${sectionsTaughtBy(districtId, userId)}
        or ${channel}.participant_id = ${channel}.student_id and pair.has_guardians
          and ${isOnForGuardians(districtId, sql`pair.section_id`)}
          and ${isGuardianOf(districtId, sql`${userId}::uuid`, sql`${channel}.student_id`)})))`
}

/** A subquery of everything that `userId` reads along with today: `teacher_id, participant_id, student_id, school_year`. For lists, as `livePartners`. */
export const liveReadAlongs = (districtId: string, userId: string): RawBuilder<unknown> => sql`(
  ${withToday(districtId)},
  shared as materialized (
    select pair.teacher_id, pair.student_id, pair.school_year, pair.has_guardians
    from (${pairsOfSections(
      districtId,
      ({ teacher, student, section }) =>
        sql`${section} in ${sectionsTaughtBy(districtId, userId)} and ${teacher} <> ${userId} and ${student} <> ${userId}`,
    )}) pair
    where pair.school_year is not null and ${isOnInSection(districtId, 'co-teachers-read-along', sql`pair.section_id`)})
  select teacher_id, student_id as participant_id, student_id, school_year from shared
  union
  select shared.teacher_id, guarding.guardian_id, shared.student_id, shared.school_year
  from shared
  join guardianships guarding on guarding.district_id = ${districtId} and guarding.student_id = shared.student_id
  where shared.has_guardians and ${isLiveGuardian(districtId)} and guarding.guardian_id not in (shared.teacher_id, ${userId})
  union
  select pair.teacher_id, pair.student_id, pair.student_id, pair.school_year
  from guardianships guarding
  cross join lateral (${pairsOfSections(districtId, ({ student }) => sql`${student} = guarding.student_id`)}) pair
  where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${userId} and guarding.student_id <> ${userId} and pair.teacher_id <> ${userId}
    and pair.school_year is not null and pair.has_guardians and ${isOnForGuardians(districtId, sql`pair.section_id`)})`
