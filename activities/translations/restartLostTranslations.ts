import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { listPendingTranslations, type PendingTranslation } from '../../db/queries/listPendingTranslations.ts'
import { replayTranslation } from '../../db/queries/replayTranslation.ts'
import { toTranslatingStart, translateMessageId } from '../../workflows/contract.ts'
import { isRunLost } from '../roster/isRunLost.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'lostAfterSeconds' | 'translationsQueue'>

/** Gives translations another run whose run is gone (terminated, timed out, or lost with the server). Answers how many. */
export const createRestartLostTranslations = (deps: LostDeps) => async (): Promise<number> => {
  const replayed = await sweepPages(
    (page) => acrossDistricts(deps.sweeper, (tx) => listPendingTranslations(tx, { olderThanSeconds: deps.lostAfterSeconds, ...page })),
    ({ translationId }) => translationId,
    async (pending) => ((await replayIfLost(deps, pending)) ? 'replayed' : 'unchanged'),
  )
  return replayed.get('replayed') ?? 0
}

const replayIfLost = async (deps: LostDeps, pending: PendingTranslation): Promise<boolean> => {
  const { districtId, translationId, attempt } = pending
  if (!(await isRunLost(deps, districtId, translateMessageId(pending)))) return false
  const startFor = toTranslatingStart(deps.translationsQueue)
  const by = { actor: { kind: 'system', name: 'sweeper' } } as const
  // A run that ended a moment ago has ended the row, and the compare-and-set finds nothing to replay.
  const start = await withDistrict(deps.app, districtId, (tx) =>
    replayTranslation(tx, { translationId, attempt, startFor, onlyPending: true, ...by }),
  )
  return start !== null
}
