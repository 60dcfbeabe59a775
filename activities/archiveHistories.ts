import { log } from '@temporalio/activity'
import type { ClosedRun } from '../clients/archive/archiveKey.ts'
import { RunGone, type ClosedRuns } from '../clients/archive/closedRuns.ts'
import { writeArchivedHistory, type ArchiveWriter } from '../clients/archive/writeArchivedHistory.ts'
import type { ArchiveTask, ArchivedSlice, PendingRun } from '../workflows/contract.ts'
import type { Database } from '../db/openDatabase.ts'
import { withOperations } from '../db/operationsDistrict.ts'
import { recordSuccess } from '../db/queries/recordSuccess.ts'
import { archiveSuccess } from '../domain/archiveSuccess.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

export type ArchiveDeps = ArchiveWriter & {
  app: Database
  closedRuns: ClosedRuns
  /** Milliseconds since 1970. */
  now?: () => number
  archiveWindows: ArchiveWindows
}

/** Milliseconds. */
export type ArchiveWindows = {
  /** How long after its end a run is left alone: the server lists it a moment later. */
  settleMs: number
  /** How far a pass looks back behind the last one, for runs that were listed later than that. */
  overlapMs: number
  /** Where the first pass begins: how long the server keeps histories (law 7). */
  retentionMs: number
}

/** Runs of one slice: what one try of this activity does. */
const sliceRuns = 200
const sliceMsMin = 1_000
/** More of one slice that fail are an outage, and the slice is tried again. */
const failuresMax = 20

/**
 * Archives the histories of the runs that closed in one slice of time, and of those that failed before. Safe to run twice: what lies in the archive is left
 * alone. A run that fails keeps none of the others from their turn; it is answered, and given back to the next slice. @throws when so many fail that it is an outage.
 */
export const createArchiveHistories =
  (deps: ArchiveDeps) =>
  (task: ArchiveTask): Promise<ArchivedSlice> =>
    whileHeartbeating(async (signal) => {
      const { now = Date.now, archiveWindows: windows, closedRuns } = deps
      const settledAt = now() - windows.settleMs
      const after = task.after ?? settledAt - windows.retentionMs
      const from = task.isFirst ? after - windows.overlapMs : after
      const through = Math.max(from, await narrow(closedRuns, from, settledAt))
      const slice: ArchivedSlice = { through, isLast: through >= settledAt, archived: 0, known: 0, gone: 0, failed: [] }
      for (const pending of task.pending) await archiveRun(deps, toClosedRun(pending), slice, signal)
      const tried = new Set(task.pending.map(({ runId }) => runId))
      const closed = through > from ? await closedRuns.list({ from, to: through }) : []
      for (const run of closed) if (!tried.has(run.runId)) await archiveRun(deps, run, slice, signal)
      // Nothing is behind: how long ago that was is what on-call is told (`archive-old`).
      if (slice.isLast && slice.failed.length + task.carried === 0)
        await withOperations(deps.app, (tx) => recordSuccess(tx, archiveSuccess))
      return slice
    })

/** The end of a slice that begins at `from` and holds no more runs than one try can archive. */
const narrow = async (runs: ClosedRuns, from: number, to: number): Promise<number> => {
  let end = to
  while (end - from > sliceMsMin && (await runs.count({ from, to: end })) > sliceRuns) end = from + Math.ceil((end - from) / 2)
  return end
}

const archiveRun = async (deps: ArchiveDeps, run: ClosedRun, slice: ArchivedSlice, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted()
  try {
    const isNew = await writeArchivedHistory(deps, run, deps.closedRuns.events(run), { signal })
    slice[isNew ? 'archived' : 'known'] += 1
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof RunGone) {
      slice.gone += 1
      log.error('a closed run was forgotten before it was archived', { workflowId: run.workflowId, runId: run.runId })
      return
    }
    slice.failed.push(toPendingRun(run))
    log.warn('history not archived', {
      workflowId: run.workflowId,
      runId: run.runId,
      faults: toLoggableFault(error).map(({ name }) => name),
    })
    if (slice.failed.length > failuresMax) throw error
  }
}

const toClosedRun = ({ workflowId, runId, closedAt }: PendingRun): ClosedRun => ({ workflowId, runId, closedAt: new Date(closedAt) })
const toPendingRun = ({ workflowId, runId, closedAt }: ClosedRun): PendingRun => ({ workflowId, runId, closedAt: closedAt.getTime() })
