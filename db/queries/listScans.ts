import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { scanColumns, toScan, type Scan, type ScanRow } from './scanRow.ts'

/** Where a scan may have come to that concerns on-call: still on its way, or ended otherwise than `clean`. */
export const listedStates = ['scanning', 'failed', 'quarantined', 'refused'] as const
export type ListedState = (typeof listedStates)[number]

export type ScanFilter = {
  state: ListedState
  /** Only what ended, or for `scanning` what was uploaded, in so many last seconds; null for all. */
  sinceSeconds: number | null
  /** Only what was uploaded at least so many seconds ago. For `scanning`. */
  olderThanSeconds: number
  districtId: string | null
  limit: number
}

/** Scans in one state: those on their way by how long they wait, longest first; those that ended, the last first. As the role `oncall`. */
export const listScans = async ({ db }: Transaction, filter: ScanFilter): Promise<Scan[]> => {
  const at = momentOf(filter.state)
  const rows = await findRows(
    db,
    sql<ScanRow>`
      select ${scanColumns('a')} from attachments a where ${matches(filter)}
      order by a.${at} ${filter.state === 'scanning' ? sql`asc` : sql`desc`} limit ${filter.limit}`,
  )
  return rows.map(toScan)
}

/** How many there are, at most 10,000: more is no other news. As the role `oncall`. */
export const countScans = async ({ db }: Transaction, filter: Omit<ScanFilter, 'limit'>): Promise<number> => {
  const row = await findRow(
    db,
    sql<{ count: number }>`select count(*)::int as count from (select 1 from attachments a where ${matches(filter)} limit 10000) found`,
  )
  return row?.count ?? 0
}

const momentOf = (state: ListedState): RawBuilder<unknown> => (state === 'scanning' ? sql`upload_completed_at` : sql`ended_at`)

/** The state is a literal, so that the partial index of that state serves. */
const matches = ({ state, sinceSeconds, olderThanSeconds, districtId }: Omit<ScanFilter, 'limit'>): RawBuilder<boolean> => sql`
  a.state = ${sql.lit(state)}
  and (${sinceSeconds}::float8 is null or a.${momentOf(state)} >= statement_timestamp() - make_interval(secs => ${sinceSeconds}::float8))
  and (${state !== 'scanning'}::bool or a.upload_completed_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds}::float8))
  and (${districtId}::uuid is null or a.district_id = ${districtId}::uuid)`
