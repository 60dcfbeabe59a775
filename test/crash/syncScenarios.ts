import { expect } from 'vitest'
import { afterwards, packBulk, packDelta, packUnreadable, whileApplied } from './rosterFeeds.ts'
import type { RosterEnding } from './rosterSettled.ts'
import { openRosterStage, type RosterStage } from './rosterStage.ts'
import type { Scenario, Stage } from './scenario.ts'
import { watchAccess } from './watchAccess.ts'

const feed = '<district>/<roster_syncs'
/** The first feed, and the second. */
const feeds = [`feeds/${feed} 1>.zip`, `feeds/${feed} 2>.zip`]
/** Nobody is parted. */
export const stays = { 'u2>u1 about u1': 'allowed', 'u2>u3 about u3': 'allowed', 'u2>u5 about u5': 'allowed' }

type Walk = {
  name: string
  ending: Omit<RosterEnding, 'of'>
  /** Whom the teacher reaches, in turn. */
  access: Readonly<Record<string, string>>
  /** What happens from the moment on at which there may be a death. */
  happen: (stage: RosterStage) => Promise<unknown>
}

/** In a district of its own: from the first reading on nobody who was refused is allowed again, and nobody who stays is ever refused. */
export const rosterScenario = (
  { name, ending, access, happen }: Walk,
  open: (stage: Stage) => Promise<RosterStage> = openRosterStage,
): Scenario<RosterEnding> => ({
  name,
  ending: { of: name, ...ending },
  walk: async (bare) => {
    const stage = await open(bare)
    const watch = await watchAccess(stage.world, stage.districtId)
    await stage.arm(stage.districtId)
    await happen(stage)
    expect(await watch.stop()).toEqual(access)
    return stage.districtId
  },
})

const sync = async ({ acts }: RosterStage, zip: Buffer, options?: { isDryRun?: boolean }): Promise<unknown> =>
  acts.syncOf(await acts.send(zip, options)).result()

export const syncScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario({
    name: 'a bulk feed that removes, moves and adds',
    ending: {
      syncs: ['applied', 'applied'],
      mails: ['<roster.2.<users u1>'],
      alerts: [],
      objects: [...feeds, 'reports/<district>/<roster_syncs 2>/1/rejects.csv'],
    },
    access: whileApplied,
    happen: async (stage) => {
      await sync(stage, await packBulk(afterwards(stage.districtId)))
      await stage.settleNewest()
    },
  }),
  rosterScenario({
    name: 'a delta that removes and adds',
    ending: { syncs: ['applied', 'applied'], mails: ['<roster.2.<users u1>'], alerts: [], objects: feeds },
    access: { ...stays, 'u2>u1 about u1': 'allowed, refused', 'u2>u5 about u5': 'allowed, refused' },
    happen: async (stage) => {
      await sync(stage, await packDelta())
      await stage.settleNewest()
    },
  }),
  rosterScenario({
    name: 'a dry run',
    ending: {
      syncs: ['applied', 'previewed'],
      mails: [],
      alerts: [],
      objects: [...feeds, 'reports/<district>/<roster_syncs 2>/1/changes.csv', 'reports/<district>/<roster_syncs 2>/1/rejects.csv'],
    },
    access: stays,
    happen: async (stage) => sync(stage, await packBulk(afterwards(stage.districtId)), { isDryRun: true }),
  }),
  rosterScenario({
    name: 'a feed that cannot be read',
    ending: { syncs: ['applied', 'unreadable'], mails: [], alerts: [], objects: feeds },
    access: stays,
    happen: async (stage) => sync(stage, await packUnreadable(stage.districtId)),
  }),
]
