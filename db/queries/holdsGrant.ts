import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { worksOn } from './workDays.ts'

const today = sql`(select (statement_timestamp() at time zone d.time_zone)::date from districts d where d.id = u.district_id)`

/**
 * Of a row `g` of `grants` and its person `u`: whether the permission counts at this moment. It is the staff's, ends with the work, and counts for nobody whose removal
 * the brake holds: what may be over lets nobody read what children write, nor decide whether it is over.
 */
export const holdsGrant: RawBuilder<boolean> = sql<boolean>`
  (g.begins <= statement_timestamp() and (g.ends is null or statement_timestamp() < g.ends) and u.is_active and ${worksOn('u', today)}
    and not exists (select 1 from suspensions held where held.district_id = u.district_id and held.subject_id in (u.id, g.id)))`
