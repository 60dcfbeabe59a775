import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { ReportAct } from '../../domain/report.ts'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Writes down what became of a report, or that somebody looked at it; commit it before anything is shown. */
export const addReportAct = async (
  { db, districtId }: DistrictTransaction,
  { reportId, act, actorId, note = null }: { reportId: string; act: ReportAct; actorId: string | null; note?: string | null },
): Promise<void> => {
  await sql`
    insert into report_acts (district_id, id, report_id, act, actor_id, note, at)
    values (${districtId}, ${newId()}, ${reportId}, ${act}, ${actorId}, ${note}, statement_timestamp())`.execute(db)
}
