import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findLastSuccess, findRosterSync } from '../../db/queries/listRosterSyncs.ts'
import { listSyncCounts } from '../../db/queries/listSyncCounts.ts'
import type { RosterSyncRecord } from '../../db/queries/rosterSyncRow.ts'
import { toMend } from '../../domain/roster/syncFaults.ts'
import { hidden } from '../requireAllowed.ts'
import type { RosterSyncDetailView, RosterSyncView } from '../schemas/rosterSyncSchema.ts'

const toTime = (at: Date | null): string | null => at?.toISOString() ?? null

/** A sync as its district sees it: ids, counts and codes, nothing of a feed. */
export const toRosterSyncView = (sync: RosterSyncRecord): RosterSyncView => ({
  id: sync.syncId,
  origin: sync.origin,
  state: sync.state,
  isDryRun: sync.isDryRun,
  attempt: sync.attempt,
  author: { kind: sync.authorKind, id: sync.author },
  sourceAt: toTime(sync.sourceAt),
  createdAt: sync.createdAt.toISOString(),
  ticketExpiresAt: toTime(sync.ticketExpiresAt),
  queuedAt: toTime(sync.queuedAt),
  startedAt: toTime(sync.startedAt),
  endedAt: toTime(sync.endedAt),
  bytes: sync.bytes,
  feedVersion: sync.feedVersion,
  rosterVersion: sync.rosterVersion,
  rejectCount: sync.rejectCount,
  endingCount: sync.endingCount,
  fault:
    sync.faultCode === null
      ? null
      : { code: sync.faultCode, mend: toMend(sync.faultCode), file: sync.faultFile, line: sync.faultLine, column: sync.faultColumn },
  removals:
    sync.removals === null
      ? null
      : {
          state: sync.removals,
          decidedAt: toTime(sync.decidedAt),
          decidedBy: sync.decidedBy,
          escalatedAt: toTime(sync.escalatedAt),
        },
})

/** When the roster was last brought up to date, and how old what it says is at `now`. */
export const loadLastSuccess = async (tx: DistrictTransaction, now: Date): Promise<RosterSyncDetailView['lastSuccess']> => {
  const last = await findLastSuccess(tx)
  if (last === null) return null
  const { sourceAt } = last
  const ageSeconds = sourceAt === null ? null : Math.max(0, Math.floor((now.getTime() - sourceAt.getTime()) / 1_000))
  return { id: last.syncId, sourceAt: toTime(sourceAt), endedAt: toTime(last.endedAt), ageSeconds }
}

/** @throws {Refusal} the uniform 404 when the district has no such sync. */
export const requireRosterSync = async (tx: DistrictTransaction, syncId: string): Promise<RosterSyncRecord> => {
  const sync = await findRosterSync(tx, syncId)
  if (sync === null) throw hidden()
  return sync
}

/** One sync with what it did to each kind of row. @throws {Refusal} as `requireRosterSync`. */
export const loadRosterSync = async (tx: DistrictTransaction, syncId: string, now: Date): Promise<RosterSyncDetailView> => ({
  ...toRosterSyncView(await requireRosterSync(tx, syncId)),
  counts: await listSyncCounts(tx, syncId),
  lastSuccess: await loadLastSuccess(tx, now),
})
