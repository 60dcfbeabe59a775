import { expect } from 'vitest'
import { closeSchoolYearId, settleVersionId, syncRosterId } from '../../workflows/contract.ts'
import type { TestProvider } from '../oneroster/startProvider.ts'
import { afterwards, packBulk, packDelta, whileApplied } from './rosterFeeds.ts'
import { endPulledSync, setUpPull } from './pullScenarios.ts'
import type { RosterEnding } from './rosterSettled.ts'
import { type RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { sweep } from './sweep.ts'
import { rosterScenario, stays } from './syncScenarios.ts'
import { leaveYear, yearNotices } from './yearScenarios.ts'

const setTo = ({ world, districtId }: RosterStage, values: string): Promise<unknown> =>
  world.database.superuser.query(`update roster_syncs set ${values} where district_id = $1`, [districtId])

/** A sweep looks at everything that there is. `findProvider`: it is started before the walks and after the scenarios are named. */
export const createRosterSweepScenarios = (findProvider: () => TestProvider): readonly Scenario<RosterEnding>[] =>
  [
    rosterScenario({
      name: 'a feed that nobody announced, a ticket that nobody used, and a district whose last sync is too long ago',
      ending: {
        syncs: ['applied', 'applied', 'expired'],
        alerts: [],
        mails: ['<roster-late.<district>.<users local:admin>', '<roster.2.<users u1>'],
      },
      access: whileApplied,
      happen: async (stage) => {
        const { acts, districtId } = stage
        await setTo(stage, `ended_at = ended_at - interval '3 days'`)
        const syncId = await acts.addTicket()
        await acts.upload(syncId, await packBulk(afterwards(districtId)))
        const unused = await acts.addTicket()
        await stage.world.database.superuser.query(`update roster_syncs set ticket_expires_at = now() - interval '2 days' where id = $1`, [
          unused,
        ])
        await sweep(stage, 'sweepRosters')
        await stage.relay()
        await acts.syncOf(syncId).result()
        await stage.settleNewest()
      },
    }),
    rosterScenario({
      name: 'a sync that lost its run',
      ending: { syncs: ['applied', 'applied'], alerts: [], mails: ['<roster.2.<users u1>'] },
      access: { ...stays, 'u2>u1 about u1': 'allowed, refused', 'u2>u5 about u5': 'allowed, refused' },
      happen: async (stage) => {
        const { acts, world } = stage
        const syncId = await acts.addTicket()
        await acts.upload(syncId, await packDelta())
        await acts.complete(syncId)
        await world.database.superuser.query('update outbox set started_at = now() where workflow_id = $1', [syncRosterId(syncId, 1)])
        await sweep(stage, 'sweepRosters')
        await stage.relay()
        await acts.syncOf(syncId, 2).result()
        await stage.settleNewest()
      },
    }),
    rosterScenario({
      name: 'a version of the roster that lost its run while it told somebody',
      ending: { syncs: ['applied', 'applied'], alerts: [], mails: ['<roster.2.<users u1>'] },
      access: { ...stays, 'u2>u1 about u1': 'allowed, refused', 'u2>u5 about u5': 'allowed, refused' },
      happen: async (stage) => {
        const { acts, world, districtId } = stage
        await acts.syncOf(await acts.send(await packDelta())).result()
        const settling = (attempt: number) => settleVersionId({ districtId, version: 2, attempt })
        const { superuser } = world.database
        await superuser.query('update outbox set started_at = now() where workflow_id = $1', [settling(1)])
        await superuser.query(
          'insert into access_notices (district_id, version, user_id, claimed_by, claimed_until) values ($1, 2, $2, 1, now())',
          [districtId, await stage.find('u1')],
        )
        await sweep(stage, 'sweepRosters')
        await stage.relay()
        await world.adapters.client.workflow.getHandle(settling(2)).result()
      },
    }),
    rosterScenario({
      name: 'feeds whose time is over',
      ending: { syncs: ['applied'], alerts: [], mails: [], objects: [] },
      access: stays,
      happen: async (stage) => {
        await stage.plant({ subjectId: stage.districtId, fault: 'kept-for-long' })
        await sweep(stage, 'purgeFeeds')
      },
    }),
    rosterScenario({
      name: 'school years that are over',
      ending: { syncs: ['applied'], alerts: [], mails: yearNotices },
      access: stays,
      happen: async (stage) => {
        const { world, districtId } = stage
        await leaveYear(stage)
        await sweep(stage, 'closeSchoolYears')
        await stage.relay()
        await world.adapters.client.workflow.getHandle(closeSchoolYearId({ districtId, schoolYear: 2020, attempt: 1 })).result()
      },
    }),
    rosterScenario({
      name: 'a roster that is due to be fetched',
      ending: { syncs: ['applied', 'applied'], alerts: [] },
      access: whileApplied,
      happen: async (stage) => {
        const pullId = await setUpPull(stage, findProvider())
        expect(await sweep(stage, 'startDuePulls')).toEqual(expect.anything())
        await endPulledSync(stage, pullId)
      },
    }),
  ].map((scenario) => ({ ...scenario, isAlone: true as const }))
