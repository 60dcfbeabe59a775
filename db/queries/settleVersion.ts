import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { isLiveChannel, liveSchoolYears } from './liveRelation.ts'
import { stateAllows } from './stateAllows.ts'
import { findRow, findRows } from '../rows.ts'
import { claimEnd, isClaimable, type ClaimedNotice, type NoticeClaim } from './claimNotice.ts'

/** Rows changed, for a caller that goes on until there are none. */
type Done = { count: number }

/** Closes the sessions of whom this version ended: they could do nothing any more, and now they are signed out. */
export const closeEndedSessions = async ({ db, districtId }: DistrictTransaction, version: number): Promise<Done> => {
  const { numAffectedRows } = await sql`
    update sessions s set ended_at = statement_timestamp()
    where s.district_id = ${districtId} and s.ended_at is null and s.expires_at > statement_timestamp() and s.user_id in (
      select u.id from roster_changes c join users u on u.district_id = c.district_id and u.id = c.subject_id
      where c.district_id = ${districtId} and c.version = ${version}::bigint and c.subject = 'user' and not u.is_active)`.execute(db)
  return { count: Number(numAffectedRows ?? 0n) }
}

/** Cancels up to `limit` uploads that were announced in conversations which this version closed and nothing has opened since. */
export const cancelEndedUploads = async (
  { db, districtId }: DistrictTransaction,
  { version, limit }: { version: number; limit: number },
): Promise<Done> => {
  const { numAffectedRows } = await sql`
    with changed as (
    update attachments a set state = 'expired', ended_at = statement_timestamp()
    where a.district_id = ${districtId} and ${stateAllows('a', 'expire')} and a.id in (
      select waiting.id from access_endings e
      join channels c on c.district_id = e.district_id and c.teacher_id = e.teacher_id and c.participant_id = e.participant_id
        and c.student_id = e.student_id and c.school_year = e.school_year
      join attachments waiting on waiting.district_id = c.district_id and waiting.channel_id = c.id and waiting.state = 'awaiting-upload'
      where e.district_id = ${districtId} and e.version = ${version}::bigint and not ${isLiveChannel(districtId, 'c')}
      limit ${limit})
    returning a.district_id, a.channel_id, a.section_id, a.id)
    ${attachmentEventsOf('changed')}`.execute(db)
  return { count: Number(numAffectedRows ?? 0n) }
}

/** Notes once who is to be told of this version: the people of conversations that it closed. Of a pair that never opened one there is nothing to tell. */
export const noteParted = async ({ db, districtId }: DistrictTransaction, version: number): Promise<void> => {
  await sql`
    insert into access_notices (district_id, version, user_id)
    select distinct e.district_id, e.version, person.id from access_endings e
    join channels c on c.district_id = e.district_id and c.teacher_id = e.teacher_id and c.participant_id = e.participant_id
      and c.student_id = e.student_id and c.school_year = e.school_year
    cross join lateral (values (e.teacher_id), (e.participant_id)) person (id)
    where e.district_id = ${districtId} and e.version = ${version}::bigint
    on conflict do nothing`.execute(db)
}

/** Who is still to be told of a version, in the order of their ids behind `after`. */
export const listParted = (
  { db, districtId }: DistrictTransaction,
  { version, after, limit }: { version: number; after: string | null; limit: number },
): Promise<{ userId: string }[]> =>
  findRows(
    db,
    sql<{ userId: string }>`
      select n.user_id as "userId" from access_notices n
      where n.district_id = ${districtId} and n.version = ${version}::bigint and n.told_at is null and (${after}::uuid is null or n.user_id > ${after}::uuid)
      order by n.user_id limit ${limit}`,
  )

/**
 * Takes it upon this attempt to tell somebody of a version. Whether they are told is decided at this moment (law 1). Null when they have been, or when another
 * attempt may be about it.
 */
export const claimParted = (
  { db, districtId }: DistrictTransaction,
  { version, userId, by }: { version: number; userId: string; by: NoticeClaim },
): Promise<ClaimedNotice | null> => {
  const people = { teacher: sql`e.teacher_id`, participant: sql`e.participant_id`, student: sql`e.student_id` }
  const isStillParted: RawBuilder<boolean> = sql`exists (
    select 1 from access_endings e
    where e.district_id = ${districtId} and e.version = n.version and (e.teacher_id = n.user_id or e.participant_id = n.user_id)
      and not exists (${liveSchoolYears(districtId, people)}))`
  return findRow(
    db,
    sql<ClaimedNotice>`
      update access_notices n set claimed_by = ${by.attempt}, claimed_until = ${claimEnd}
      from users u
      where n.district_id = ${districtId} and n.version = ${version}::bigint and n.user_id = ${userId} and ${isClaimable('n', by)}
        and u.district_id = n.district_id and u.id = n.user_id
      returning case when u.is_active and ${isStillParted} then u.email end as email`,
  )
}

export const markTold = async (
  { db, districtId }: DistrictTransaction,
  { version, userId }: { version: number; userId: string },
): Promise<void> => {
  await sql`
    update access_notices n set told_at = clock_timestamp()
    where n.district_id = ${districtId} and n.version = ${version}::bigint and n.user_id = ${userId}`.execute(db)
}

/** Everything that follows from up to `limit` of a version's endings was done. */
export const markSettled = async (
  { db, districtId }: DistrictTransaction,
  { version, limit }: { version: number; limit: number },
): Promise<Done> => {
  const { numAffectedRows } = await sql`
    update access_endings r set settled_at = clock_timestamp()
    where r.district_id = ${districtId} and (r.version, r.teacher_id, r.participant_id, r.student_id) in (
      select e.version, e.teacher_id, e.participant_id, e.student_id from access_endings e
      where e.district_id = ${districtId} and e.version = ${version}::bigint and e.settled_at is null limit ${limit})`.execute(db)
  return { count: Number(numAffectedRows ?? 0n) }
}

/** Nothing follows from the version any more. */
export const closeSettlement = async ({ db, districtId }: DistrictTransaction, version: number): Promise<void> => {
  await sql`
    update roster_settlements s set settled_at = clock_timestamp()
    where s.district_id = ${districtId} and s.version = ${version}::bigint and s.settled_at is null`.execute(db)
}
