import { parse } from 'csv-parse/sync'
import { withDistrict } from '../../db/openDatabase.ts'
import { claimPull } from '../../db/queries/claimPull.ts'
import { setRosterPull } from '../../db/setRosterPull.ts'
import { pullRosterId, syncRosterId, toPullStart } from '../../workflows/contract.ts'
import type { Collections, TestProvider } from '../oneroster/startProvider.ts'
import { toCollections } from '../oneroster/toCollections.ts'
import { present } from '../support/present.ts'
import { afterwards, whileApplied } from './rosterFeeds.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

/** What a provider has when everything has happened. The same for every district: only `u1` is written to, at an address that the roster knew before. */
export const toProvided = (): Collections =>
  toCollections(
    Object.fromEntries(Object.entries(afterwards('everybody')).map(([file, text]) => [file, parse(String(text))])),
    '2026-01-01T00:00:00.000Z',
  )

/** Says where the district's roster is fetched from. */
export const setUpPull = async (
  { world, districtId }: Pick<RosterStage, 'world' | 'districtId'>,
  { baseUrl, tokenUrl, credentials }: TestProvider,
  clientSecret = credentials.clientSecret,
): Promise<string> => {
  const source = { baseUrl, tokenUrl, clientId: credentials.clientId, clientSecret, everyHours: 24, bulkEveryDays: 7 }
  const owner = await world.database.open('owner', 1)
  const set = await setRosterPull(
    { owner, districtKeys: world.adapters.districtKeys },
    { districtId, ...source, staff: 'test', reason: 'test' },
  )
  return present(set).pullId
}

/** Waits for the run of the first attempt, which is asked for, and for the sync that it queues, and for what follows from that. */
export const endPulledSync = async ({ world, districtId, relay, settleNewest }: RosterStage, pullId: string): Promise<void> => {
  const { client } = world.adapters
  await relay()
  await client.workflow.getHandle(pullRosterId(pullId, 1)).result()
  const { rows } = await world.database.superuser.query<{ id: string }>(
    `select id from roster_syncs where district_id = $1 and origin = 'pull'`,
    [districtId],
  )
  await relay()
  await client.workflow.getHandle(syncRosterId(present(rows[0]).id, 1)).result()
  await settleNewest()
}

const begin = ({ world, districtId }: RosterStage, pullId: string): Promise<unknown> =>
  withDistrict(world.adapters.app, districtId, (tx) => claimPull(tx, { pullId, startFor: toPullStart(world.config.taskQueues.roster) }))

/** `findProvider`: the provider is started before the walks and after the scenarios are named. */
export const createPullScenarios = (findProvider: () => TestProvider): readonly Scenario<RosterEnding>[] => [
  rosterScenario({
    name: 'a roster that is fetched',
    ending: { syncs: ['applied', 'applied'], alerts: [] },
    access: whileApplied,
    happen: async (stage) => {
      const pullId = await setUpPull(stage, findProvider())
      await begin(stage, pullId)
      await endPulledSync(stage, pullId)
    },
  }),
  rosterScenario({
    name: 'a system that refuses us',
    ending: { syncs: ['applied'], mails: [], alerts: [], objects: ['feeds/<district>/<roster_syncs 1>.zip'] },
    access: stays,
    happen: async (stage) => {
      const pullId = await setUpPull(stage, findProvider(), 'another')
      await begin(stage, pullId)
      await stage.relay()
      await stage.world.adapters.client.workflow.getHandle(pullRosterId(pullId, 1)).result()
    },
  }),
]
