import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, getRow } from '../rows.ts'
import { isYearOver } from './isYearOver.ts'

/** School years of which channels were closed. */
export const listClosedYears = async ({ db, districtId }: DistrictTransaction): Promise<number[]> =>
  (
    await findRows(
      db,
      sql<{ schoolYear: number }>`
        select school_year as "schoolYear" from school_year_ends where district_id = ${districtId} and channels > 0 order by school_year`,
    )
  ).map(({ schoolYear }) => schoolYear)

/**
 * Takes the mark of the end off up to `limit` channels of a year that goes on after all, since its dates were wrong and were mended; their people are told anew
 * when it ends. Access never asked for the mark. Answers how many.
 */
export const reopenYearChannels = (
  { db, districtId }: DistrictTransaction,
  { schoolYear, limit }: { schoolYear: number; limit: number },
): Promise<{ count: number }> =>
  getRow(
    db,
    sql<{ count: number }>`
      with batch as materialized (
        select c.id from channels c
        where c.district_id = ${districtId} and c.school_year = ${schoolYear} and c.closed_at is not null and not ${isYearOver(districtId, schoolYear)}
        order by c.id limit ${limit}),
      reopened as (
        update channels c set closed_at = null
        from batch where c.district_id = ${districtId} and c.id = batch.id
        returning c.teacher_id, c.participant_id),
      untold as (
        update school_year_notices n set told_at = null, claimed_until = null, claimed_by = null
        from (select teacher_id as id from reopened union select participant_id from reopened) person
        where n.district_id = ${districtId} and n.school_year = ${schoolYear} and n.user_id = person.id),
      counted as (
        update school_year_ends e set channels = greatest(e.channels - (select count(*) from reopened)::int, 0)
        where e.district_id = ${districtId} and e.school_year = ${schoolYear})
      select count(*)::int as count from reopened`,
  )
