import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * Whether the last term of a school year ended `graceDays` ago or earlier, by the district's day. A term that the roster dropped counts as long as it would
 * have run: a feed that forgets the terms of a year closes nothing.
 */
export const isYearOver = (districtId: string, schoolYear: number, graceDays = 0): RawBuilder<boolean> => sql`((
  select max(term.ends) + ${graceDays}::int from terms term where term.district_id = ${districtId} and term.school_year = ${schoolYear}::int)
  <= (select (statement_timestamp() at time zone d.time_zone)::date from districts d where d.id = ${districtId}))`
