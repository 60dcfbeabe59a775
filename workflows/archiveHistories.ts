import { ApplicationFailure, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'
import type { ArchiveOutcome } from './contract.ts'

/** Slices of one run, so that it ends and says how far it came. */
const slicesMax = 20
/** So many histories that fail again and again are a fault of the archive itself. */
const pendingMax = 100

/**
 * Puts the histories of closed runs into the archive before Temporal forgets them (law 7). It goes on where the last successful run of its schedule ended, so
 * after days of outage it catches up; what failed is carried along and tried again.
 * @throws ApplicationFailure `ArchiveFailing` when too much fails to be carried along: the next run then begins where this one did.
 */
export async function archiveHistories(): Promise<ArchiveOutcome> {
  const act = proxyActivities<SweepActivities>({
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 5 },
    summary: 'archive one slice of closed runs',
  })
  const before = workflowInfo().lastResult as ArchiveOutcome | undefined
  const outcome: ArchiveOutcome = { through: before?.through ?? 0, pending: [...(before?.pending ?? [])], archived: 0, known: 0, gone: 0 }
  let after = before?.through ?? null
  for (let slices = 1; ; slices++) {
    const pending = slices === 1 ? outcome.pending.splice(0) : []
    const slice = await act.archiveHistories({ after, isFirst: slices === 1, pending, carried: outcome.pending.length })
    after = slice.through
    // One that failed is listed again while the passes look back at it.
    const known = new Set(outcome.pending.map(({ runId }) => runId))
    for (const run of slice.failed) if (!known.has(run.runId)) outcome.pending.push(run)
    outcome.through = Math.max(outcome.through, slice.through)
    for (const count of ['archived', 'known', 'gone'] as const) outcome[count] += slice[count]
    setCurrentDetails(
      `through ${new Date(outcome.through).toISOString()} · archived ${outcome.archived} · there before ${outcome.known} · gone ${outcome.gone} · to try again ${outcome.pending.length}`,
    )
    if (outcome.pending.length > pendingMax) throw ApplicationFailure.nonRetryable('too many histories fail', 'ArchiveFailing')
    // A pass that only looked at what the last one saw would never get anywhere.
    if (slice.isLast || (slices >= slicesMax && slice.through > (before?.through ?? 0))) return outcome
  }
}
