import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { listHeldSyncs } from '../../db/queries/listHeldSyncs.ts'
import { listLongSyncs, type LongSync } from '../../db/queries/listLongSyncs.ts'
import { replayDecision } from '../../db/queries/replayDecision.ts'
import { replaySync } from '../../db/queries/replaySync.ts'
import { decideRemovalId, syncRosterId, toDecisionStart, toSyncStart } from '../../workflows/contract.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'
import { isRunLost } from './isRunLost.ts'
import { restartLostReceipts } from './restartLostReceipts.ts'
import { restartLostSettlements } from './restartLostSettlements.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'rosterQueue' | 'lostAfterSeconds'>

const toId = ({ syncId }: LongSync): string => syncId

/**
 * Queues syncs again whose run is gone (terminated, timed out, or lost with the server): the next attempt, through the outbox. One that stays as running
 * would keep all others of its district waiting. And starts the runs again that wait for a decision on what a sync holds, or carry it out, and that do what
 * follows from what was applied, or write down for whom an announcement was: without them nobody would. Answers how many.
 */
export const createRestartLostSyncs = (deps: LostDeps) => async (): Promise<number> => {
  const { lostAfterSeconds: olderThanSeconds, sweeper } = deps
  const replayed = await sweepPages(
    (page) => acrossDistricts(sweeper, (tx) => listLongSyncs(tx, { olderThanSeconds, ...page })),
    toId,
    async (sync) => ((await replayIfLost(deps, sync)) ? 'replayed' : 'unchanged'),
  )
  const decisions = await sweepPages(
    (page) => acrossDistricts(sweeper, (tx) => listHeldSyncs(tx, { olderThanSeconds, ...page })),
    toId,
    async (sync) => ((await replayDecisionIfLost(deps, sync)) ? 'replayed' : 'unchanged'),
  )
  const followed = (await restartLostSettlements(deps)) + (await restartLostReceipts(deps))
  return (replayed.get('replayed') ?? 0) + (decisions.get('replayed') ?? 0) + followed
}

const by = { actor: { kind: 'system', name: 'sweeper' } } as const

const replayIfLost = async (deps: LostDeps, { districtId, syncId, attempt }: LongSync): Promise<boolean> => {
  if (!(await isRunLost(deps, districtId, syncRosterId(syncId, attempt)))) return false
  const startFor = toSyncStart(deps.rosterQueue)
  // A run that ended a moment ago has moved its row on, and the compare-and-set finds nothing to replay.
  const start = await withDistrict(deps.app, districtId, (tx) => replaySync(tx, { syncId, attempt, ...by, startFor, onlyOpen: true }))
  return start !== null
}

const replayDecisionIfLost = async (deps: LostDeps, { districtId, syncId, attempt }: LongSync): Promise<boolean> => {
  if (!(await isRunLost(deps, districtId, decideRemovalId(syncId, attempt)))) return false
  const startFor = toDecisionStart(deps.rosterQueue)
  return (await withDistrict(deps.app, districtId, (tx) => replayDecision(tx, { syncId, attempt, ...by, startFor }))) !== null
}
