import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, toTimeOrNull } from '../rows.ts'

/** How the fetching of the district's roster stands. */
export type PullStanding = {
  state: 'paused' | 'pulling' | 'waiting'
  everyHours: number
  /** What the last attempt asked for; null before the first. */
  mode: 'bulk' | 'delta' | null
  startedAt: Date | null
  endedAt: Date | null
  /** The last attempt's; `queued`: the feed was fetched, and its sync goes on from there. */
  outcome: 'queued' | 'failed' | null
  faultCode: string | null
  /** When the next one is due, which may have passed: it begins within minutes. Null while one is under way or none is wanted. */
  nextAt: Date | null
}

type Row = Omit<PullStanding, 'startedAt' | 'endedAt' | 'nextAt'> & Record<'startedAt' | 'endedAt' | 'nextAt', string | null>

/** Null when the district's roster is not fetched but sent. */
export const findPullStanding = async ({ db, districtId }: DistrictTransaction): Promise<PullStanding | null> => {
  const row = await findRow(
    db,
    sql<Row>`
      select case when is_paused then 'paused' else state end as state, every_hours as "everyHours", mode, started_at as "startedAt",
        ended_at as "endedAt", outcome, fault_code as "faultCode",
        case when not is_paused and state = 'waiting' then coalesce(started_at + make_interval(hours => every_hours), created_at) end as "nextAt"
      from roster_pulls where district_id = ${districtId}`,
  )
  return row && { ...row, startedAt: toTimeOrNull(row.startedAt), endedAt: toTimeOrNull(row.endedAt), nextAt: toTimeOrNull(row.nextAt) }
}
