import { withDistrict } from '../../db/openDatabase.ts'
import { claimSync, type SyncTurn } from '../../db/queries/claimSync.ts'
import { findOpenSync, type QueuedSync } from '../../db/queries/findNextSync.ts'
import { pinFeedVersion, reopenFeedTicket } from '../../db/queries/pinFeedVersion.ts'
import type { SyncRef } from '../../workflows/contract.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** `no-feed`: nothing was uploaded, and the ticket waits again. */
export type Turn = { outcome: SyncTurn | 'no-feed' }

/**
 * Pins the feed, and begins the sync when it is its turn: the oldest of the district, one at a time. Whoever holds a ticket may upload again until it ends:
 * the oldest version is the one that is read, and no other.
 */
export const createTakeTurn =
  ({ app, roster }: Pick<RosterDeps, 'app' | 'roster'>) =>
  async (ref: SyncRef): Promise<Turn> => {
    const sync = await withDistrict(app, ref.districtId, (tx) => findOpenSync(tx, ref))
    if (sync === null) return { outcome: 'superseded' }
    if (sync.objectVersionId === null) {
      const pinned = await pin({ app, roster }, ref, sync)
      if (pinned !== 'pinned') return { outcome: pinned }
    }
    return { outcome: await withDistrict(app, ref.districtId, (tx) => claimSync(tx, ref)) }
  }

const pin = async (
  { app, roster }: Pick<RosterDeps, 'app' | 'roster'>,
  ref: SyncRef,
  { objectKey }: QueuedSync,
): Promise<'pinned' | 'no-feed' | 'superseded'> => {
  const oldest = (await roster.listVersions(objectKey)).at(-1)
  if (oldest === undefined) {
    return (await withDistrict(app, ref.districtId, (tx) => reopenFeedTicket(tx, ref))) ? 'no-feed' : 'superseded'
  }
  const { versionId, bytes } = oldest
  return (await withDistrict(app, ref.districtId, (tx) => pinFeedVersion(tx, { ...ref, versionId, bytes }))) ? 'pinned' : 'superseded'
}
