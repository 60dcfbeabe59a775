import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { findLateRoster, markLateTold } from '../../db/queries/findLateRoster.ts'
import { listLateRosters } from '../../db/queries/listLateRosters.ts'
import { toLateNotice } from '../../domain/roster/lateNotice.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'
import { mailAdministrators } from './mailAdministrators.ts'

type LateDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'districtKeys' | 'mailer'>

/**
 * Tells the administrators of each district whose last sync that succeeded is too long ago, and not again until one has. A sync that succeeds meanwhile
 * leaves nothing to tell. Told twice only if a mail could not be sent, or this worker dies, before all were. Answers how many districts.
 */
export const createTellLateDistricts = (deps: LateDeps) => async (): Promise<number> => {
  const told = await sweepPages(
    (page) => acrossDistricts(deps.sweeper, (tx) => listLateRosters(tx, page)),
    ({ districtId }) => districtId,
    async ({ districtId }) => ((await tellIfLate(deps, districtId)) ? 'told' : 'unchanged'),
  )
  return told.get('told') ?? 0
}

const tellIfLate = async (deps: LateDeps, districtId: string): Promise<boolean> => {
  const late = await withDistrict(deps.app, districtId, findLateRoster)
  if (late === null) return false
  await mailAdministrators(deps, districtId, { id: `roster-late.${districtId}`, ...toLateNotice(late.lateHours) })
  await withDistrict(deps.app, districtId, markLateTold)
  return true
}
