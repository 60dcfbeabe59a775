import { withDistrict } from '../db/openDatabase.ts'
import { isStartPending } from '../db/queries/isStartPending.ts'
import type { Sync } from '../db/queries/listSyncs.ts'
import type { ReplayDecision } from '../domain/decideReplay.ts'
import { decideSyncRetry } from '../domain/roster/decideSyncRetry.ts'
import { decideRemovalId, syncRosterId } from '../workflows/contract.ts'
import { describeRun, type KnownRun } from './describeRun.ts'
import type { Oncall } from './openOncall.ts'

/** A sync together with what the server knows of the run that works on it, or waits for the decision about what it holds. */
export type LookedAtSync = {
  sync: Sync
  workflowId: string
  /** Undefined when the server was not asked or did not answer; null when it knows of none. */
  run: KnownRun | null | undefined
  isStartWaiting: boolean
  /** What a retry would do. */
  decision: ReplayDecision
}

/** Does not reject when the server does not answer. */
export const lookAtSync = async (oncall: Oncall, sync: Sync, isThere = true): Promise<LookedAtSync> => {
  const { syncId, attempt, districtId, state, removals } = sync
  const isHeld = removals === 'waiting' || removals === 'approving' || removals === 'discarding'
  const workflowId = isHeld ? decideRemovalId(syncId, attempt) : syncRosterId(syncId, attempt)
  const run = isThere ? await describeRun(oncall, workflowId).catch(() => undefined) : undefined
  const isStartWaiting = !run && (await withDistrict(oncall.database, districtId, (tx) => isStartPending(tx, workflowId)))
  const standing = run === undefined ? 'unknown' : run === null ? 'none' : run.isOpen ? 'open' : 'closed'
  return { sync, workflowId, run, isStartWaiting, decision: decideSyncRetry({ state, run: standing, isStartWaiting }) }
}
