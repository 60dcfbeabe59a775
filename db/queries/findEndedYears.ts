import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { enqueueWorkflow, type OutboxStart } from './enqueueWorkflow.ts'

/** `attempt`: of the run that was asked for last; 0 when none was. `isSettled`: it did everything. */
export type EndedYear = { schoolYear: number; attempt: number; isSettled: boolean }

/** School years whose last term ended `graceDays` ago or earlier, and that still have open channels, or people to tell. */
export const findEndedYears = ({ db, districtId }: DistrictTransaction, graceDays: number): Promise<EndedYear[]> =>
  findRows(
    db,
    sql<EndedYear>`
      select over.school_year as "schoolYear", coalesce(e.attempt, 0) as attempt, e.settled_at is not null as "isSettled"
      from (
        select term.school_year from terms term where term.district_id = ${districtId} group by term.school_year
        having max(term.ends) + ${graceDays}::int
          <= (select (statement_timestamp() at time zone d.time_zone)::date from districts d where d.id = ${districtId})) over
      left join school_year_ends e on e.district_id = ${districtId} and e.school_year = over.school_year
      where (e.attempt is not null and e.settled_at is null) or (
        select c.id from channels c where c.district_id = ${districtId} and c.school_year = over.school_year and c.closed_at is null
        order by c.id limit 1) is not null
      order by over.school_year`,
  )

export type YearStartFor = (ref: { districtId: string; schoolYear: number; attempt: number }) => OutboxStart

/** Asks for the run that closes a school year, as the attempt behind `attempt`. Null when somebody has asked meanwhile. */
export const askForYearEnd = async (
  tx: DistrictTransaction,
  { schoolYear, attempt, startFor }: { schoolYear: number; attempt: number; startFor: YearStartFor },
): Promise<OutboxStart | null> => {
  const { db, districtId } = tx
  const asked = await findRow(
    db,
    sql<{ attempt: number }>`
      insert into school_year_ends as e (district_id, school_year) values (${districtId}, ${schoolYear})
      on conflict (district_id, school_year) do update set attempt = e.attempt + 1, settled_at = null where e.attempt = ${attempt}
      returning attempt`,
  )
  if (asked === null) return null
  const start = startFor({ districtId, schoolYear, attempt: asked.attempt })
  await enqueueWorkflow(tx, start)
  return start
}
