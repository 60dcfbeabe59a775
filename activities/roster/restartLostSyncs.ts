import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { isStartPending } from '../../db/queries/isStartPending.ts'
import { listLongSyncs, type LongSync } from '../../db/queries/listLongSyncs.ts'
import { replaySync } from '../../db/queries/replaySync.ts'
import { syncRosterId, toSyncStart } from '../../workflows/contract.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'rosterQueue' | 'lostAfterSeconds'>

/**
 * Queues syncs again whose run is gone (terminated, timed out, or lost with the server): the next attempt, through the outbox. One that stays as running
 * would keep all others of its district waiting. Answers how many.
 */
export const createRestartLostSyncs = (deps: LostDeps) => async (): Promise<number> => {
  const replayed = await sweepPages(
    (page) => acrossDistricts(deps.sweeper, (tx) => listLongSyncs(tx, { olderThanSeconds: deps.lostAfterSeconds, ...page })),
    ({ syncId }) => syncId,
    async (sync) => ((await replayIfLost(deps, sync)) ? 'replayed' : 'unchanged'),
  )
  return replayed.get('replayed') ?? 0
}

const replayIfLost = async (deps: LostDeps, { districtId, syncId, attempt }: LongSync): Promise<boolean> => {
  const workflowId = syncRosterId(syncId, attempt)
  const run = await deps.findRun(workflowId)
  if (run === 'open' || run === 'unknown') return false
  // One that was never started is the relay's business.
  if (run === 'none' && (await withDistrict(deps.app, districtId, (tx) => isStartPending(tx, workflowId)))) return false
  const startFor = toSyncStart(deps.rosterQueue)
  // A run that ended a moment ago has moved its row on, and the compare-and-set finds nothing to replay.
  const start = await withDistrict(deps.app, districtId, (tx) =>
    replaySync(tx, { syncId, attempt, actor: { kind: 'system', name: 'sweeper' }, startFor, onlyOpen: true }),
  )
  return start !== null
}
