import { sql } from 'kysely'
import { scanPressureLimits, type ScanLoad } from '../../domain/scanPressure.ts'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** How busy the scans are, across districts. As the role `auth`: states and times only. Every count is bounded. */
export const findScanLoad = async ({ db }: Transaction): Promise<ScanLoad> => {
  const { waitingMax, lateMin, lateAfterSeconds } = scanPressureLimits
  const row = await findRow(
    db,
    sql<ScanLoad>`
      select
        (select count(*)::int from (
          select 1 from attachments where state = 'scanning' limit ${waitingMax}) waiting) as waiting,
        (select count(*)::int from (
          select 1 from attachments
          where state = 'scanning' and upload_completed_at <= statement_timestamp() - make_interval(secs => ${lateAfterSeconds})
          limit ${lateMin}) late) as late,
        (select count(*)::int from (
          select 1 from attachments
          where scanned_at is not null and scanned_at >= statement_timestamp() - make_interval(secs => 60)
          limit 10000) ended) as "endedLastMinute"`,
  )
  return row ?? { waiting: 0, late: 0, endedLastMinute: 0 }
}
