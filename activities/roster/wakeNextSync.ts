import { log } from '@temporalio/activity'
import { withDistrict } from '../../db/openDatabase.ts'
import { findNextSync } from '../../db/queries/findNextSync.ts'
import { syncRosterId } from '../../workflows/contract.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Tells the run whose turn is next to look. A hint: it looks by itself, and may not be there yet. */
export const createWakeNextSync =
  ({ app, wakeRun }: Pick<RosterDeps, 'app' | 'wakeRun'>) =>
  async (districtId: string): Promise<void> => {
    const next = await withDistrict(app, districtId, findNextSync)
    if (next === null) return
    try {
      await wakeRun(syncRosterId(next.syncId, next.attempt))
    } catch (error) {
      log.info('the next sync was not woken: it looks by itself', { fault: error instanceof Error ? error.name : 'Unknown' })
    }
  }
