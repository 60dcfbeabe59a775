import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { completeRosterSync } from '../../db/queries/completeRosterSync.ts'
import { expireSync } from '../../db/queries/expireSync.ts'
import { listDueFeeds, type DueFeed } from '../../db/queries/listDueFeeds.ts'
import { toSyncStart } from '../../workflows/contract.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'

type FeedDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'roster' | 'rosterQueue' | 'longestUploadSeconds' | 'windows'>

/** Queues feeds that lie there although nobody said so (a client that vanished is no lost feed), and ends tickets that were never used. */
export const createSettleFeeds = (deps: FeedDeps) => async (): Promise<{ expired: number; queued: number }> => {
  const { vanishedSeconds } = deps.windows
  const { longestUploadSeconds } = deps
  const settled = await sweepPages(
    (page) => acrossDistricts(deps.sweeper, (tx) => listDueFeeds(tx, { vanishedSeconds, longestUploadSeconds, ...page })),
    ({ syncId }) => syncId,
    (feed) => settle(deps, feed),
  )
  return { expired: settled.get('expired') ?? 0, queued: settled.get('queued') ?? 0 }
}

const settle = async (deps: FeedDeps, { districtId, syncId, objectKey, isOver }: DueFeed): Promise<'expired' | 'queued' | 'unchanged'> => {
  const versions = await deps.roster.listVersions(objectKey)
  return withDistrict(deps.app, districtId, async (tx) => {
    if (versions.length > 0) {
      const by = { kind: 'system', name: 'sweeper' } as const
      return (await completeRosterSync(tx, { syncId, by, startFor: toSyncStart(deps.rosterQueue) })) === null ? 'unchanged' : 'queued'
    }
    if (!isOver) return 'unchanged'
    return (await expireSync(tx, { syncId, longestUploadSeconds: deps.longestUploadSeconds })) ? 'expired' : 'unchanged'
  })
}
