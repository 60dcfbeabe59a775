import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { lateRoster, lateRosterColumns, type LateRoster } from './lateRoster.ts'

/** Whether the district is to be told, at this moment. */
export const findLateRoster = ({ db, districtId }: DistrictTransaction): Promise<LateRoster | null> =>
  findRow(db, sql<LateRoster>`select ${lateRosterColumns} from ${lateRoster} and d.id = ${districtId}`)

/** It was told: not again before a sync has succeeded. */
export const markLateTold = async ({ db, districtId }: DistrictTransaction): Promise<void> => {
  await sql`update districts set roster_late_told_at = statement_timestamp() where id = ${districtId}`.execute(db)
}
