import { withDistrict } from '../../db/openDatabase.ts'
import { findRemovals } from '../../db/queries/findRemovals.ts'
import type { RemovalRef } from '../../workflows/contract.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** `decided`: to be put into effect. `lifted`: nothing is held any more. `none`: the sync holds nothing, or is gone. */
export type RemovalStanding = {
  outcome: 'waiting' | 'decided' | 'approved' | 'discarded' | 'lifted' | 'none'
  /** The district has been silent for too long. */
  isOverdue: boolean
}

/** Whether the district has decided. Reads and nothing else: the roster's lock is for those who change it. */
export const createLookAtRemovals =
  ({ app, pace }: Pick<RosterDeps, 'app' | 'pace'>) =>
  async ({ districtId, syncId }: RemovalRef): Promise<RemovalStanding> => {
    const found = await withDistrict(app, districtId, (tx) => findRemovals(tx, syncId))
    if (found === null) return { outcome: 'none', isOverdue: false }
    const isOverdue = found.removals === 'waiting' && found.heldSeconds * 1_000 >= pace.escalateAfterMs
    return { outcome: found.removals === 'approving' || found.removals === 'discarding' ? 'decided' : found.removals, isOverdue }
  }
