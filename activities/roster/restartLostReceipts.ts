import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { listOpenReceipts, type OpenReceipt } from '../../db/queries/listOpenReceipts.ts'
import { listUnreceiptedDistricts } from '../../db/queries/listUnreceiptedDistricts.ts'
import { replayReceipt } from '../../db/queries/replayReceipt.ts'
import { toReceiptStart, writeScopeReceiptId } from '../../workflows/contract.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { isRunLost } from './isRunLost.ts'
import { restartInDistricts } from './restartInDistricts.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'rosterQueue' | 'lostAfterSeconds'>

/** Asks again for the runs that write the receipts of announcements and are gone: without one, nobody could ever prove who was meant. Answers how many. */
export const restartLostReceipts = (deps: LostDeps): Promise<number> => {
  const { lostAfterSeconds: olderThanSeconds, sweeper } = deps
  return restartInDistricts<OpenReceipt>({
    listDistricts: (page) => acrossDistricts(sweeper, (tx) => listUnreceiptedDistricts(tx, { olderThanSeconds, ...page })),
    listOpen: (districtId, { after, limit }) =>
      withDistrict(deps.app, districtId, (tx) => listOpenReceipts(tx, { olderThanSeconds, after: after?.announcementId ?? null, limit })),
    restart: (districtId, receipt) => replayIfLost(deps, districtId, receipt),
  })
}

const replayIfLost = async (deps: LostDeps, districtId: string, { announcementId, attempt }: OpenReceipt): Promise<boolean> => {
  if (!(await isRunLost(deps, districtId, writeScopeReceiptId({ districtId, announcementId, attempt })))) return false
  const startFor = toReceiptStart(deps.rosterQueue)
  const by = { actor: { kind: 'system', name: 'sweeper' } } as const
  // A run that ended a moment ago has written it, and the compare-and-set finds nothing to replay.
  return (await withDistrict(deps.app, districtId, (tx) => replayReceipt(tx, { announcementId, attempt, ...by, startFor }))) !== null
}
