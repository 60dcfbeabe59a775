import { withDistrict } from '../../db/openDatabase.ts'
import { findRemovals, markEscalated } from '../../db/queries/findRemovals.ts'
import type { RemovalRef } from '../../workflows/contract.ts'
import { createFollowAlert } from '../followAlert.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Tells the engineers that nobody decides, and that it is over when somebody has: they know whom in the district to call. */
export const createAlertUndecided = ({ app, pager }: Pick<RosterDeps, 'app' | 'pager'>) => {
  const follow = createFollowAlert({ app, pager })
  return async ({ districtId, syncId }: RemovalRef): Promise<void> => {
    const found = await withDistrict(app, districtId, (tx) => findRemovals(tx, syncId))
    const holds = found?.removals === 'waiting'
    await follow('removal-undecided', { holds, subject: syncId, details: { districtId, syncId, held: found?.held ?? 0 } })
    if (holds) await withDistrict(app, districtId, (tx) => markEscalated(tx, syncId))
  }
}
