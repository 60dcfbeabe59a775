import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { listLateBatches, type LateBatch } from '../../db/queries/listLateBatches.ts'
import { replayBatch } from '../../db/queries/replayBatch.ts'
import { notifyPersonId, toNotifyingStart } from '../../workflows/contract.ts'
import { isRunLost } from '../roster/isRunLost.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'lostAfterSeconds' | 'maintenanceQueue'>

/**
 * Gives batches of notifications another run whose run is gone (terminated, timed out, or lost with the server): without one nobody would be told of what is in
 * them. Answers how many.
 */
export const createRestartLostBatches = (deps: LostDeps) => async (): Promise<number> => {
  const replayed = await sweepPages(
    (page) => acrossDistricts(deps.sweeper, (tx) => listLateBatches(tx, { olderThanSeconds: deps.lostAfterSeconds, ...page })),
    ({ userId }) => userId,
    async (batch) => ((await replayIfLost(deps, batch)) ? 'replayed' : 'unchanged'),
  )
  return replayed.get('replayed') ?? 0
}

const replayIfLost = async (deps: LostDeps, { districtId, ...batch }: LateBatch): Promise<boolean> => {
  if (!(await isRunLost(deps, districtId, notifyPersonId(batch)))) return false
  // A run that ended a moment ago has closed the batch, and the compare-and-set finds nothing to replay.
  return withDistrict(deps.app, districtId, (tx) => replayBatch(tx, { ...batch, startFor: toNotifyingStart(deps.maintenanceQueue) }))
}
