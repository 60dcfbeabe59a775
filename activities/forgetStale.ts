import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { deleteStale } from '../db/queries/deleteStale.ts'
import { deleteStrayKeys } from '../db/queries/deleteStrayKeys.ts'
import { listDistricts } from '../db/queries/listDistricts.ts'
import { collectFaults } from './collectFaults.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type ForgetDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'windows'>

const pageSize = 500
/** Of one district in one pass: what is left is the next pass's. */
const pagesMax = 200

/**
 * Forgets, district by district, what nobody can need any more: wrapped keys of objects that no row names (a worker died before it wrote the
 * object), and rows of the outbox and of idempotency keys past their time. Answers how many of all.
 */
export const createForgetStale = (deps: ForgetDeps) => (): Promise<number> =>
  whileHeartbeating(async (signal, progress) => {
    const faults = collectFaults(signal)
    const districtIds = await acrossDistricts(deps.sweeper, listDistricts)
    let forgotten = 0
    for (const districtId of districtIds) {
      if (progress.start !== null && districtId <= progress.start) continue
      forgotten += (await faults.attempt(() => forgetStrayKeys(deps, districtId))) ?? 0
      forgotten += (await faults.attempt(() => forgetOldRows(deps, districtId))) ?? 0
      progress.reached(districtId)
    }
    faults.throwIfAny()
    return forgotten
  })

const forgetStrayKeys = async ({ app, windows }: ForgetDeps, districtId: string): Promise<number> => {
  let forgotten = 0
  for (let after: string | null = ''; after !== null;) {
    const from: string = after
    const page = await withDistrict(app, districtId, (tx) =>
      deleteStrayKeys(tx, { after: from, limit: pageSize, olderThanSeconds: windows.straySeconds }),
    )
    forgotten += page.deleted
    after = page.last
  }
  return forgotten
}

const forgetOldRows = async ({ app }: ForgetDeps, districtId: string): Promise<number> => {
  let forgotten = 0
  for (let page = 0; page < pagesMax; page += 1) {
    const deleted = await withDistrict(app, districtId, (tx) => deleteStale(tx, pageSize))
    if (deleted === 0) break
    forgotten += deleted
  }
  return forgotten
}
