import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findRosterSync } from '../../db/queries/listRosterSyncs.ts'
import { listSyncCounts } from '../../db/queries/listSyncCounts.ts'
import type { RosterSyncRecord } from '../../db/queries/rosterSyncRow.ts'
import { toMend } from '../../domain/roster/syncFaults.ts'
import { hidden } from '../requireAllowed.ts'
import type { RosterSyncDetailView, RosterSyncView } from '../schemas/rosterSyncSchema.ts'
import { loadRosterStanding } from './loadRosterStanding.ts'
import { toTimeText } from './toTimeText.ts'

/** A sync as its district sees it: ids, counts and codes, nothing of a feed. */
export const toRosterSyncView = (sync: RosterSyncRecord): RosterSyncView => ({
  id: sync.syncId,
  origin: sync.origin,
  state: sync.state,
  isDryRun: sync.isDryRun,
  attempt: sync.attempt,
  author: { kind: sync.authorKind, id: sync.author },
  sourceAt: toTimeText(sync.sourceAt),
  createdAt: sync.createdAt.toISOString(),
  ticketExpiresAt: toTimeText(sync.ticketExpiresAt),
  queuedAt: toTimeText(sync.queuedAt),
  startedAt: toTimeText(sync.startedAt),
  endedAt: toTimeText(sync.endedAt),
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
          decidedAt: toTimeText(sync.decidedAt),
          decidedBy: sync.decidedBy,
          escalatedAt: toTimeText(sync.escalatedAt),
        },
})

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
  ...(await loadRosterStanding(tx, now)),
})
