import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { workDays } from '../../queries/workDays.ts'

/** What of a row decides access, as `roster_changes` keeps it before and after a change: no name and no address. `alias` is the row's in the query around. */
export const toFacts = (subject: 'user' | 'term' | 'section', alias: string): RawBuilder<unknown> => {
  const row = sql.ref(alias)
  if (subject === 'user')
    return sql`jsonb_build_object('isActive', ${row}.is_active, 'role', ${row}.role, 'custody', ${row}.custody, 'workDays', ${workDays(alias)})`
  if (subject === 'term')
    return sql`jsonb_build_object('begins', ${row}.begins, 'ends', ${row}.ends, 'schoolYear', ${row}.school_year, 'isActive', ${row}.is_active)`
  return sql`jsonb_build_object('isActive', ${row}.is_active, 'termIds', (
    select coalesce(jsonb_agg(st.term_id order by st.term_id), '[]'::jsonb) from section_terms st
    where st.district_id = ${row}.district_id and st.section_id = ${row}.id))`
}
