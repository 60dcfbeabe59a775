import { ApplicationFailure } from '@temporalio/activity'
import { withDistrict } from '../../db/openDatabase.ts'
import { withOperations } from '../../db/operationsDistrict.ts'
import { findRemovals, markEscalated } from '../../db/queries/findRemovals.ts'
import { isAlertOpen } from '../../db/queries/isAlertOpen.ts'
import { toDedupKey } from '../../domain/alerts.ts'
import type { RemovalRef } from '../../workflows/contract.ts'
import { createFollowAlert } from '../followAlert.ts'
import type { RosterDeps } from './rosterDeps.ts'

/**
 * Tells the engineers that nobody decides, and that it is over when somebody has: they know whom in the district to call. Rejects while the alert of what is
 * over is still open.
 */
export const createAlertUndecided = ({ app, pager }: Pick<RosterDeps, 'app' | 'pager'>) => {
  const follow = createFollowAlert({ app, pager })
  return async ({ districtId, syncId }: RemovalRef): Promise<void> => {
    const found = await withDistrict(app, districtId, (tx) => findRemovals(tx, syncId))
    const holds = found?.removals === 'waiting'
    await follow('removal-undecided', { holds, subject: syncId, details: { districtId, syncId, held: found?.held ?? 0 } })
    // Another attempt set out to end it, and may have died over it: nobody looks again but this run.
    if (!holds && (await withOperations(app, (tx) => isAlertOpen(tx, toDedupKey('removal-undecided', syncId)))))
      throw ApplicationFailure.retryable('the alert is still open', 'AlertOpen')
    if (holds) await withDistrict(app, districtId, (tx) => markEscalated(tx, syncId))
  }
}
