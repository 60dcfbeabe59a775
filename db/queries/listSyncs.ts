import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { RemovalState, SyncOrigin, SyncState } from '../entities/RosterSync.ts'
import type { Transaction } from '../openDatabase.ts'
import { findRow, findRows, toTime, toTimeOrNull } from '../rows.ts'

/** Where a sync may be that concerns on-call. `held`: it was applied, but for removals that somebody is to decide on, or that a run is to settle. */
export const syncStages = ['queued', 'running', 'failed', 'unreadable', 'held'] as const
export type SyncStage = (typeof syncStages)[number]

/** What on-call sees of a sync: no name, no file, no id of the SIS, nobody who sent it or decided. */
export type Sync = {
  districtId: string
  syncId: string
  origin: SyncOrigin
  state: SyncState
  isDryRun: boolean
  attempt: number
  sourceAt: Date | null
  bytes: number | null
  createdAt: Date
  queuedAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
  rosterVersion: number | null
  feedVersion: string | null
  faultCode: string | null
  rejectCount: number
  endingCount: number
  removals: RemovalState | null
  decidedAt: Date | null
  escalatedAt: Date | null
}

type Times = 'sourceAt' | 'queuedAt' | 'startedAt' | 'endedAt' | 'decidedAt' | 'escalatedAt'
type BigNumbers = 'bytes' | 'rosterVersion'
type Row = Omit<Sync, Times | BigNumbers | 'createdAt'> & Record<Times | BigNumbers, string | null> & { createdAt: string }

const columns = sql`s.district_id as "districtId", s.id as "syncId", s.origin, s.state, s.is_dry_run as "isDryRun", s.attempt,
  s.source_at as "sourceAt", s.bytes, s.created_at as "createdAt", s.queued_at as "queuedAt", s.started_at as "startedAt", s.ended_at as "endedAt",
  s.roster_version as "rosterVersion", s.feed_version as "feedVersion", s.fault_code as "faultCode", s.reject_count as "rejectCount",
  s.ending_count as "endingCount", s.removals, s.decided_at as "decidedAt", s.escalated_at as "escalatedAt"`

const toNumberOrNull = (text: string | null): number | null => (text === null ? null : Number(text))

const toSync = (row: Row): Sync => ({
  ...row,
  sourceAt: toTimeOrNull(row.sourceAt),
  bytes: toNumberOrNull(row.bytes),
  createdAt: toTime(row.createdAt),
  queuedAt: toTimeOrNull(row.queuedAt),
  startedAt: toTimeOrNull(row.startedAt),
  endedAt: toTimeOrNull(row.endedAt),
  rosterVersion: toNumberOrNull(row.rosterVersion),
  decidedAt: toTimeOrNull(row.decidedAt),
  escalatedAt: toTimeOrNull(row.escalatedAt),
})

export type SyncFilter = {
  stage: SyncStage
  /** Only what was queued, or has ended, in so many last seconds; null for all. */
  sinceSeconds: number | null
  districtId: string | null
  limit: number
}

/** Syncs at one stage: those that wait by how long they do, longest first; those that ended badly, the last first. As the role `oncall`. */
export const listSyncs = async ({ db }: Transaction, { stage, sinceSeconds, districtId, limit }: SyncFilter): Promise<Sync[]> => {
  const at = stage === 'queued' || stage === 'running' ? sql`s.queued_at` : sql`s.ended_at`
  const order = stage === 'failed' || stage === 'unreadable' ? sql`desc` : sql`asc`
  const rows = await findRows(
    db,
    sql<Row>`
      select ${columns} from roster_syncs s
      where ${isAt(stage)} and (${sinceSeconds}::float8 is null or ${at} >= statement_timestamp() - make_interval(secs => ${sinceSeconds}::float8))
        and (${districtId}::uuid is null or s.district_id = ${districtId}::uuid)
      order by ${at} ${order} limit ${limit}`,
  )
  return rows.map(toSync)
}

/** Literals, so that the partial index of each stage serves. */
const isAt = (stage: SyncStage): RawBuilder<boolean> =>
  stage === 'held' ? sql`s.removals in ('waiting', 'approving', 'discarding')` : sql`s.state = ${sql.lit(stage)}`

/** The sync of that id, whichever district it is of. As the role `oncall`. */
export const findSync = async ({ db }: Transaction, syncId: string): Promise<Sync | null> => {
  const row = await findRow(db, sql<Row>`select ${columns} from roster_syncs s where s.id = ${syncId}`)
  return row && toSync(row)
}
