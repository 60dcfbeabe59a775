import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { staffRoles } from '../../domain/access.ts'
import { isNotHeld, type Holds } from './isNotHeld.ts'

/** Whom the district made itself no feed speaks of: an id with a colon is no feed's. */
const isOfDistrict = (alias: string): RawBuilder<boolean> => sql<boolean>`position(':' in ${sql.ref(alias)}.sourced_id) > 0`

/** Whether a role, or what a person is called, is the staff's. */
export const isWork = (alias: string): RawBuilder<boolean> => sql<boolean>`${sql.ref(alias)}.role in (${sql.join(staffRoles)})`

/**
 * Whether the person `alias`, a row of `users`, works for the district on a day: one of their roles is the staff's and begins ≤ day < ends, as terms and enrollments are read (law 1). Nobody
 * does by default: who has no such role grants nothing and is granted nothing, and a role whose removal the brake holds is none. Whom the district made itself is
 * what their row says.
 */
export const worksOn = (alias: string, day: RawBuilder<unknown>, holds: Holds = 'as-ended'): RawBuilder<boolean> =>
  works(alias, sql<boolean>`${isRoleOn('org_role', day)} and ${isNotHeld('org_role', holds)}`)

/** Whether a role holds on that day. */
export const isRoleOn = (alias: string, day: RawBuilder<unknown>): RawBuilder<boolean> => {
  const role = sql.ref(alias)
  return sql<boolean>`(${role}.begins is null or ${role}.begins <= ${day}) and (${role}.ends is null or ${day} < ${role}.ends)`
}

/** Whether the person works for the district on that day or will on a later one, as far as the roster knows; by a role that the brake holds, too: it has not ended. */
export const worksFrom = (alias: string, day: RawBuilder<unknown>): RawBuilder<boolean> =>
  works(alias, sql<boolean>`(org_role.ends is null or ${day} < org_role.ends)`)

const works = (alias: string, when: RawBuilder<boolean>): RawBuilder<boolean> => {
  const person = sql.ref(alias)
  return sql<boolean>`(case when ${isOfDistrict(alias)} then ${isWork(alias)} else exists (
    select 1 from org_roles org_role where org_role.district_id = ${person}.district_id and org_role.user_id = ${person}.id and ${isWork('org_role')} and ${when}) end)`
}

/** The days of one role of the staff's as JSON, of a row of `org_roles` or one like it; marked when the brake holds the role. */
const daysOf = (alias: string): RawBuilder<unknown> => {
  const row = sql.ref(alias)
  return sql`jsonb_build_object('begins', ${row}.begins::text, 'ends', ${row}.ends::text)
    || case when ${isNotHeld(alias, 'as-ended')} then '{}'::jsonb else '{"isHeld": true}'::jsonb end`
}

/** Every interval in which one of these roles is the staff's, each once. An aggregate over rows `alias` with `district_id`, `id`, `role`, `begins` and `ends`. */
export const collectWorkDays = (alias: string): RawBuilder<unknown> =>
  sql`coalesce(jsonb_agg(distinct ${daysOf(alias)}) filter (where ${isWork(alias)}), '[]'::jsonb)`

/** The intervals in which the person `alias` works for the district (`WorkDays` of the domain), by what the roster says at the moment of the statement. */
export const workDays = (alias: string): RawBuilder<unknown> => {
  const person = sql.ref(alias)
  return sql`(case
    when ${isOfDistrict(alias)} then case when ${isWork(alias)} then '[{"begins": null, "ends": null}]'::jsonb else '[]'::jsonb end
    else (select ${collectWorkDays('org_role')} from org_roles org_role
      where org_role.district_id = ${person}.district_id and org_role.user_id = ${person}.id) end)`
}
