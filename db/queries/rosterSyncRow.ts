import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { AuthorKind, RemovalState, SyncOrigin, SyncState } from '../entities/RosterSync.ts'
import { toTime, toTimeOrNull } from '../rows.ts'

/** One feed of a district, and what became of it. */
export type RosterSyncRecord = {
  syncId: string
  origin: SyncOrigin
  state: SyncState
  isDryRun: boolean
  attempt: number
  sourceAt: Date | null
  objectKey: string
  bytes: number | null
  authorKind: AuthorKind
  author: string
  createdAt: Date
  ticketExpiresAt: Date | null
  queuedAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
  rosterVersion: number | null
  feedVersion: string | null
  faultCode: string | null
  faultFile: string | null
  faultLine: number | null
  faultColumn: number | null
  rejectCount: number
  rejectsKey: string | null
  changesKey: string | null
  endingCount: number
  removals: RemovalState | null
  decidedAt: Date | null
  decidedBy: string | null
  escalatedAt: Date | null
}

type OptionalTimes = 'sourceAt' | 'ticketExpiresAt' | 'queuedAt' | 'startedAt' | 'endedAt' | 'decidedAt' | 'escalatedAt'
type BigNumbers = 'bytes' | 'rosterVersion'
/** What `rosterSyncColumns` selects, as the driver gives it. */
export type RosterSyncRow = Omit<RosterSyncRecord, OptionalTimes | BigNumbers | 'createdAt'> &
  Record<OptionalTimes | BigNumbers, string | null> & { createdAt: string }

/** The columns of a `RosterSyncRecord`, of the table `roster_syncs`. */
export const rosterSyncColumns: RawBuilder<unknown> = sql`roster_syncs.id as "syncId", roster_syncs.origin, roster_syncs.state,
  roster_syncs.is_dry_run as "isDryRun", roster_syncs.attempt, roster_syncs.source_at as "sourceAt", roster_syncs.object_key as "objectKey",
  roster_syncs.bytes, roster_syncs.author_kind as "authorKind", roster_syncs.author, roster_syncs.created_at as "createdAt",
  roster_syncs.ticket_expires_at as "ticketExpiresAt", roster_syncs.queued_at as "queuedAt", roster_syncs.started_at as "startedAt",
  roster_syncs.ended_at as "endedAt", roster_syncs.roster_version as "rosterVersion", roster_syncs.feed_version as "feedVersion",
  roster_syncs.fault_code as "faultCode", roster_syncs.fault_file as "faultFile", roster_syncs.fault_line as "faultLine",
  roster_syncs.fault_column as "faultColumn", roster_syncs.reject_count as "rejectCount", roster_syncs.rejects_key as "rejectsKey",
  roster_syncs.changes_key as "changesKey", roster_syncs.ending_count as "endingCount", roster_syncs.removals,
  roster_syncs.decided_at as "decidedAt", roster_syncs.decided_by as "decidedBy", roster_syncs.escalated_at as "escalatedAt"`

const toNumberOrNull = (text: string | null): number | null => (text === null ? null : Number(text))

export const toRosterSync = (row: RosterSyncRow): RosterSyncRecord => ({
  ...row,
  sourceAt: toTimeOrNull(row.sourceAt),
  bytes: toNumberOrNull(row.bytes),
  createdAt: toTime(row.createdAt),
  ticketExpiresAt: toTimeOrNull(row.ticketExpiresAt),
  queuedAt: toTimeOrNull(row.queuedAt),
  startedAt: toTimeOrNull(row.startedAt),
  endedAt: toTimeOrNull(row.endedAt),
  rosterVersion: toNumberOrNull(row.rosterVersion),
  decidedAt: toTimeOrNull(row.decidedAt),
  escalatedAt: toTimeOrNull(row.escalatedAt),
})
