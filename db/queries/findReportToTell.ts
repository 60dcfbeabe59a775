import { sql } from 'kysely'
import { openReportStates } from '../../domain/report.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Whose message a report is about, as long as it waits for somebody, and this run is the one that sees to it; else null. */
export const findReportToTell = (
  { db, districtId }: DistrictTransaction,
  { reportId, attempt }: { reportId: string; attempt: number },
): Promise<{ authorId: string } | null> =>
  findRow(
    db,
    sql<{ authorId: string }>`
      select r.author_id as "authorId" from reports r
      where r.district_id = ${districtId} and r.id = ${reportId} and r.attempt = ${attempt}
        and r.state in (${sql.join(openReportStates.map((state) => sql.lit(state)))})`,
  )
