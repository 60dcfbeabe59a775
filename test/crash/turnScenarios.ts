import { afterwards, packBulk, packDelta, whileApplied } from './rosterFeeds.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { Scenario } from './scenario.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

const feeds = (count: number): string[] => Array.from({ length: count }, (_, index) => `feeds/<district>/<roster_syncs ${index + 1}>.zip`)

/** What may come in the way of a sync before it applies anything. */
export const turnScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario({
    name: 'a feed that waits for the one before it',
    ending: { syncs: ['applied', 'applied', 'unchanged'], mails: ['<roster.2.<users u1>'], alerts: [] },
    access: whileApplied,
    happen: async (stage) => {
      const { acts, districtId } = stage
      const [first, second] = [await acts.addTicket(), await acts.addTicket()]
      for (const syncId of [first, second]) await acts.upload(syncId, await packBulk(afterwards(districtId)))
      const starts = [await acts.complete(first), await acts.complete(second)]
      for (const start of starts.toReversed()) await acts.start(start)
      for (const syncId of [first, second]) await acts.syncOf(syncId).result()
      await stage.settleNewest()
    },
  }),
  rosterScenario({
    name: 'a feed that is completed before it is there',
    ending: { syncs: ['applied', 'awaiting-upload'], mails: [], alerts: [], objects: feeds(1) },
    access: stays,
    happen: async ({ acts }) => {
      const syncId = await acts.addTicket()
      await acts.start(await acts.complete(syncId))
      await acts.syncOf(syncId).result()
    },
  }),
  rosterScenario({
    name: 'a pinned feed that is gone',
    ending: { syncs: ['applied', 'failed'], mails: [], alerts: ['roster-sync-failed:<roster_syncs 2> trigger'], objects: feeds(2) },
    access: stays,
    happen: async ({ acts, world }) => {
      const syncId = await acts.addTicket()
      await acts.upload(syncId, await packDelta())
      const start = await acts.complete(syncId)
      await world.database.superuser.query(`update roster_syncs set object_version_id = 'gone' where id = $1`, [syncId])
      await acts.start(start)
      await acts
        .syncOf(syncId)
        .result()
        .catch(() => undefined)
    },
  }),
]
