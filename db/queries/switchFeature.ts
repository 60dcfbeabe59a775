import { sql } from 'kysely'
import type { Feature } from '../../domain/features.ts'
import { toGrades, type Grade } from '../../domain/roster/grades.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/**
 * Where a feature is to be on from now on, and nowhere else: `everywhere` means schools to come too. `grades`, of `guardians-read-along` alone: in classes all of whose
 * grades are among these. `byId` is null for our staff.
 */
export type FeatureScope = {
  feature: Feature
  everywhere: boolean
  schoolIds: readonly string[]
  grades?: readonly Grade[] | undefined
  byId: string | null
}

/**
 * Switches a feature on where it is to be and off everywhere else, in one statement: what was on and stays on keeps its row. Of two who switch at once the
 * later one's scope holds.
 */
export const switchFeature = async (
  { db, districtId }: DistrictTransaction,
  { feature, everywhere, schoolIds, grades: named, byId }: FeatureScope,
): Promise<void> => {
  const grades = named === undefined ? null : toGrades(named)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`features:${districtId}`}, 0))`.execute(db)
  await sql`
    with wanted as (
      select null::uuid as school_id where ${everywhere}
      union
      select unnest(${[...schoolIds]}::uuid[])),
    off as (
      update feature_switches s set switched_off_at = statement_timestamp(), switched_off_by = ${byId}
      where s.district_id = ${districtId} and s.feature = ${feature} and s.switched_off_at is null
        and not exists (select 1 from wanted where wanted.school_id is not distinct from s.school_id and s.grades is not distinct from ${grades}::text[]))
    insert into feature_switches (district_id, id, feature, school_id, grades, switched_on_at, switched_on_by)
    select ${districtId}, uuidv7(), ${feature}, wanted.school_id, ${grades}::text[], statement_timestamp(), ${byId} from wanted
    where not exists (
      select 1 from feature_switches s where s.district_id = ${districtId} and s.feature = ${feature} and s.switched_off_at is null
        and s.school_id is not distinct from wanted.school_id and s.grades is not distinct from ${grades}::text[])`.execute(db)
}

/** Which of these are no active school of the district. */
export const findUnknownSchools = async ({ db, districtId }: DistrictTransaction, schoolIds: readonly string[]): Promise<string[]> => {
  if (schoolIds.length === 0) return []
  const rows = await findRows(
    db,
    sql<{ id: string }>`
      select id from schools where district_id = ${districtId} and id = any(${[...schoolIds]}::uuid[]) and is_active`,
  )
  return schoolIds.filter((id) => !rows.some((row) => row.id === id))
}
