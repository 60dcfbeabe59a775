import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { listOpenReceipts, type OpenReceipt } from '../../db/queries/listOpenReceipts.ts'
import { listUnreceiptedDistricts } from '../../db/queries/listUnreceiptedDistricts.ts'
import { replayReceipt } from '../../db/queries/replayReceipt.ts'
import { toReceiptStart, writeScopeReceiptId } from '../../workflows/contract.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'
import { isRunLost } from './isRunLost.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'rosterQueue' | 'lostAfterSeconds'>

const receiptsAtOnce = 100

/** Asks again for the runs that write the receipts of announcements and are gone: without one, nobody could ever prove who was meant. Answers how many. */
export const restartLostReceipts = async (deps: LostDeps): Promise<number> => {
  const { lostAfterSeconds: olderThanSeconds, sweeper } = deps
  let replayed = 0
  await sweepPages(
    (page) => acrossDistricts(sweeper, (tx) => listUnreceiptedDistricts(tx, { olderThanSeconds, ...page })),
    (districtId) => districtId,
    async (districtId) => {
      for (let after: string | null = null; ;) {
        const page = { olderThanSeconds, after, limit: receiptsAtOnce }
        const open: OpenReceipt[] = await withDistrict(deps.app, districtId, (tx) => listOpenReceipts(tx, page))
        for (const receipt of open) if (await replayIfLost(deps, districtId, receipt)) replayed += 1
        const last = open.at(-1)
        if (last === undefined || open.length < receiptsAtOnce) return 'looked at'
        after = last.announcementId
      }
    },
  )
  return replayed
}

const replayIfLost = async (deps: LostDeps, districtId: string, { announcementId, attempt }: OpenReceipt): Promise<boolean> => {
  if (!(await isRunLost(deps, districtId, writeScopeReceiptId({ districtId, announcementId, attempt })))) return false
  const startFor = toReceiptStart(deps.rosterQueue)
  const by = { actor: { kind: 'system', name: 'sweeper' } } as const
  // A run that ended a moment ago has written it, and the compare-and-set finds nothing to replay.
  return (await withDistrict(deps.app, districtId, (tx) => replayReceipt(tx, { announcementId, attempt, ...by, startFor }))) !== null
}
