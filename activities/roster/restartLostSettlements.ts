import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { listOpenSettlements, type OpenSettlement } from '../../db/queries/listOpenSettlements.ts'
import { listUnsettledDistricts } from '../../db/queries/listUnsettledDistricts.ts'
import { replaySettlement } from '../../db/queries/replaySettlement.ts'
import { settleVersionId, toSettlingStart } from '../../workflows/contract.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { isRunLost } from './isRunLost.ts'
import { restartInDistricts } from './restartInDistricts.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'rosterQueue' | 'lostAfterSeconds'>

/**
 * Asks again for the runs that do what follows from versions of the roster and are gone: without one, people who lost access are never told, and stay signed
 * in. Answers how many.
 */
export const restartLostSettlements = (deps: LostDeps): Promise<number> => {
  const { lostAfterSeconds: olderThanSeconds, sweeper } = deps
  return restartInDistricts<OpenSettlement>({
    listDistricts: (page) => acrossDistricts(sweeper, (tx) => listUnsettledDistricts(tx, { olderThanSeconds, ...page })),
    listOpen: (districtId, { after, limit }) =>
      withDistrict(deps.app, districtId, (tx) => listOpenSettlements(tx, { olderThanSeconds, after: after?.version ?? 0, limit })),
    restart: (districtId, settlement) => replayIfLost(deps, districtId, settlement),
  })
}

const replayIfLost = async (deps: LostDeps, districtId: string, { version, attempt }: OpenSettlement): Promise<boolean> => {
  if (!(await isRunLost(deps, districtId, settleVersionId({ districtId, version, attempt })))) return false
  const startFor = toSettlingStart(deps.rosterQueue)
  const by = { actor: { kind: 'system', name: 'sweeper' } } as const
  // A run that ended a moment ago has done everything, and the compare-and-set finds nothing to replay.
  return (await withDistrict(deps.app, districtId, (tx) => replaySettlement(tx, { version, attempt, ...by, startFor }))) !== null
}
