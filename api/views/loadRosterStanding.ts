import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findPullStanding } from '../../db/queries/findPullStanding.ts'
import { findLastSuccess } from '../../db/queries/listRosterSyncs.ts'
import { toPullMend } from '../../domain/roster/pullFaults.ts'
import type { RosterStandingView } from '../schemas/rosterSyncSchema.ts'
import { toTimeText } from './toTimeText.ts'

/** When the roster was last brought up to date, how old what it says is at `now`, and when it is fetched next. */
export const loadRosterStanding = async (tx: DistrictTransaction, now: Date): Promise<RosterStandingView> => ({
  lastSuccess: await loadLastSuccess(tx, now),
  pull: await loadPull(tx),
})

const loadLastSuccess = async (tx: DistrictTransaction, now: Date): Promise<RosterStandingView['lastSuccess']> => {
  const last = await findLastSuccess(tx)
  if (last === null) return null
  const { sourceAt } = last
  const ageSeconds = sourceAt === null ? null : Math.max(0, Math.floor((now.getTime() - sourceAt.getTime()) / 1_000))
  return { id: last.syncId, sourceAt: toTimeText(sourceAt), endedAt: toTimeText(last.endedAt), ageSeconds }
}

const loadPull = async (tx: DistrictTransaction): Promise<RosterStandingView['pull']> => {
  const found = await findPullStanding(tx)
  if (found === null) return null
  const { faultCode, startedAt, endedAt, nextAt, ...pull } = found
  return {
    ...pull,
    startedAt: toTimeText(startedAt),
    endedAt: toTimeText(endedAt),
    nextAt: toTimeText(nextAt),
    fault: faultCode === null ? null : { code: faultCode, mend: toPullMend(faultCode) },
  }
}
