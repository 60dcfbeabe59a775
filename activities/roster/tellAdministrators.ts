import { withDistrict } from '../../db/openDatabase.ts'
import { findRemovals } from '../../db/queries/findRemovals.ts'
import { toRemovalNotice, type RemovalNews } from '../../domain/roster/removalNotice.ts'
import type { RemovalRef } from '../../workflows/contract.ts'
import { mailAdministrators } from './mailAdministrators.ts'
import type { RosterDeps } from './rosterDeps.ts'

/**
 * Tells everybody who administers the district at this moment, by mail, that removals wait for a decision; nothing when somebody has decided. An address
 * that takes no mail keeps no other from being told. Answers how many were.
 */
export const createTellAdministrators =
  (deps: Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>) =>
  async ({ districtId, syncId }: RemovalRef, news: RemovalNews): Promise<{ told: number }> => {
    const removals = await withDistrict(deps.app, districtId, (tx) => findRemovals(tx, syncId))
    if (removals?.removals !== 'waiting') return { told: 0 }
    const notice = toRemovalNotice(news, { syncId, held: removals.held })
    return { told: await mailAdministrators(deps, districtId, { id: `removal.${syncId}.${news}`, ...notice }) }
  }
