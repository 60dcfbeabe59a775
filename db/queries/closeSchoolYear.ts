import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows, getRow } from '../rows.ts'
import { claimEnd, isClaimable, type ClaimedNotice, type NoticeClaim } from './claimNotice.ts'
import { isYearOver } from './isYearOver.ts'
import { recordAudit } from './recordAudit.ts'

type Year = { schoolYear: number }

/** Closes up to `limit` open channels of a year that is over at this moment, and notes their people as to be told. Answers how many. */
export const closeYearChannels = (
  { db, districtId }: DistrictTransaction,
  { schoolYear, limit }: Year & { limit: number },
): Promise<{ count: number }> =>
  getRow(
    db,
    sql<{ count: number }>`
      with batch as materialized (
        select c.id from channels c
        where c.district_id = ${districtId} and c.school_year = ${schoolYear} and c.closed_at is null and ${isYearOver(districtId, schoolYear)}
        order by c.id limit ${limit}),
      closed as (
        update channels c set closed_at = statement_timestamp()
        from batch where c.district_id = ${districtId} and c.id = batch.id and c.closed_at is null
        returning c.teacher_id, c.participant_id),
      noted as (
        insert into school_year_notices (district_id, school_year, user_id)
        select distinct ${districtId}::uuid, ${schoolYear}::int, person.id
        from closed cross join lateral (values (closed.teacher_id), (closed.participant_id)) person (id)
        on conflict do nothing),
      counted as (
        update school_year_ends e set channels = e.channels + (select count(*) from closed)
        where e.district_id = ${districtId} and e.school_year = ${schoolYear})
      select count(*)::int as count from closed`,
  )

/** Who is still to be told, in the order of their ids behind `after`. */
export const listYearNotices = (
  { db, districtId }: DistrictTransaction,
  { schoolYear, after, limit }: Year & { after: string | null; limit: number },
): Promise<{ userId: string }[]> =>
  findRows(
    db,
    sql<{ userId: string }>`
      select n.user_id as "userId" from school_year_notices n
      where n.district_id = ${districtId} and n.school_year = ${schoolYear} and n.told_at is null and (${after}::uuid is null or n.user_id > ${after}::uuid)
      order by n.user_id limit ${limit}`,
  )

/**
 * Takes it upon this attempt to tell somebody. Whether they are told is decided at this moment: nobody is, when the year goes on after all. Null when they have
 * been, or when another attempt may be about it.
 */
export const claimYearNotice = (
  { db, districtId }: DistrictTransaction,
  { schoolYear, userId, by }: Year & { userId: string; by: NoticeClaim },
): Promise<ClaimedNotice | null> =>
  findRow(
    db,
    sql<ClaimedNotice>`
      update school_year_notices n set claimed_by = ${by.attempt}, claimed_until = ${claimEnd}
      from users u
      where n.district_id = ${districtId} and n.school_year = ${schoolYear} and n.user_id = ${userId} and ${isClaimable('n', by)}
        and u.district_id = n.district_id and u.id = n.user_id
      returning case when u.is_active and ${isYearOver(districtId, schoolYear)} then u.email end as email`,
  )

export const markYearTold = async (
  { db, districtId }: DistrictTransaction,
  { schoolYear, userId }: Year & { userId: string },
): Promise<void> => {
  await sql`
    update school_year_notices n set told_at = clock_timestamp()
    where n.district_id = ${districtId} and n.school_year = ${schoolYear} and n.user_id = ${userId}`.execute(db)
}

export type SettledYear = { channels: number; people: number }

/** Everything was done: marks it, and leaves the report in the audit log. Null when this attempt is not the row's any more, or it was marked before. */
export const settleYearEnd = async (
  tx: DistrictTransaction,
  { schoolYear, attempt }: Year & { attempt: number },
): Promise<SettledYear | null> => {
  const settled = await findRow(
    tx.db,
    sql<SettledYear>`
      update school_year_ends e set settled_at = statement_timestamp()
      where e.district_id = ${tx.districtId} and e.school_year = ${schoolYear} and e.attempt = ${attempt} and e.settled_at is null
      returning e.channels, (
        select count(*)::int from school_year_notices n where n.district_id = ${tx.districtId} and n.school_year = ${schoolYear}) as people`,
  )
  if (settled === null) return null
  await recordAudit(tx, {
    actor: { kind: 'system', name: 'school-year' },
    action: 'school-year.close',
    target: { kind: 'school-year', id: String(schoolYear) },
    details: { ...settled, attempt },
  })
  return settled
}
