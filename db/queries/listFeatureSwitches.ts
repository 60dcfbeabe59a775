import { sql } from 'kysely'
import type { Feature } from '../../domain/features.ts'
import type { Grade } from '../../domain/roster/grades.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'

/** From when to when a feature was on in a school, by whom; `schoolId` null is every school, `grades` null every class, `…By` null our staff, `switchedOffAt` null still on. */
export type FeatureSwitchRecord = {
  id: string
  feature: Feature
  schoolId: string | null
  grades: Grade[] | null
  switchedOnAt: Date
  switchedOnBy: string | null
  switchedOffAt: Date | null
  switchedOffBy: string | null
}

/** What is on; or, with `feature`, all that ever was of it, newest first, before the row `before`. */
export const listFeatureSwitches = async (
  { db, districtId }: DistrictTransaction,
  which: { feature: Feature; before?: string | null; limit: number } | 'on',
): Promise<FeatureSwitchRecord[]> => {
  const condition =
    which === 'on'
      ? sql`s.switched_off_at is null order by s.feature, s.id`
      : sql`s.feature = ${which.feature} and (${which.before ?? null}::uuid is null or s.id < ${which.before ?? null}::uuid) order by s.id desc limit ${which.limit}`
  const rows = await findRows(
    db,
    sql<Omit<FeatureSwitchRecord, 'switchedOnAt' | 'switchedOffAt'> & { switchedOnAt: string; switchedOffAt: string | null }>`
      select s.id, s.feature, s.school_id as "schoolId", to_json(s.grades) as grades, s.switched_on_at as "switchedOnAt", s.switched_on_by as "switchedOnBy",
        s.switched_off_at as "switchedOffAt", s.switched_off_by as "switchedOffBy"
      from feature_switches s where s.district_id = ${districtId} and ${condition}`,
  )
  return rows.map((row) => ({
    ...row,
    switchedOnAt: toTime(row.switchedOnAt),
    switchedOffAt: row.switchedOffAt === null ? null : toTime(row.switchedOffAt),
  }))
}

/** The district's schools, those that its feed no longer has left out. */
export const listSchools = ({ db, districtId }: DistrictTransaction): Promise<{ id: string; name: string }[]> =>
  findRows(
    db,
    sql<{ id: string; name: string }>`
      select id, name from schools where district_id = ${districtId} and is_active and type = 'school' order by name, id`,
  )
