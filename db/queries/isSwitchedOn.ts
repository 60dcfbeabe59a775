import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Feature } from '../../domain/features.ts'

/** `switched` is the alias of the row of `feature_switches`. */
const isOn = (districtId: string, feature: Feature): RawBuilder<boolean> =>
  sql`switched.district_id = ${districtId} and switched.feature = ${feature} and switched.switched_off_at is null`

/** Asked once for a statement, and first: most districts end with everything on. */
const isOnEverywhere = (districtId: string, feature: Feature): RawBuilder<boolean> =>
  sql`exists (select 1 from feature_switches switched where ${isOn(districtId, feature)} and switched.school_id is null)`

/** Whether the district has switched the feature on in the school, an SQL expression. */
export const isSwitchedOn = (districtId: string, feature: Feature, schoolId: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`(${isOnEverywhere(districtId, feature)}
    or exists (select 1 from feature_switches switched where ${isOn(districtId, feature)} and switched.school_id = ${schoolId}))`

/** Whether it is on in one of the schools of these sections, a subquery of `section_id`. */
export const isSwitchedOnIn = (districtId: string, feature: Feature, sections: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`(${isOnEverywhere(districtId, feature)} or exists (
    select 1 from ${sections} attended
    join sections section on section.district_id = ${districtId} and section.id = attended.section_id
    join feature_switches switched on ${isOn(districtId, feature)} and switched.school_id = section.school_id))`
