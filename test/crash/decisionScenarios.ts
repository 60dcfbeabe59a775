import { lookNowSignal } from '../../workflows/contract.ts'
import { afterwards, packBulk } from './rosterFeeds.ts'
import type { RosterEnding } from './rosterSettled.ts'
import { openRosterStage, until, type RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { rosterScenario } from './syncScenarios.ts'
import { mailsTo } from '../support/sinks.ts'

const objects = ['1', '2'].map((number) => `feeds/<district>/<roster_syncs ${number}>.zip`)
const rejects = 'reports/<district>/<roster_syncs 2>/1/rejects.csv'
const heldMail = '<removal.<roster_syncs 2>.held.<users local:admin>'

/** Lets the brake hold what the next feed would remove, and the run begin that waits for the decision. */
const holdRemovals = async ({ acts, relay, districtId, world }: RosterStage, { heldForDays = 0 } = {}): Promise<string> => {
  const syncId = await acts.send(await packBulk(afterwards(districtId)))
  await acts.syncOf(syncId).result()
  await world.database.superuser.query(`update roster_syncs set ended_at = ended_at - make_interval(days => $2) where id = $1`, [
    syncId,
    heldForDays,
  ])
  await relay()
  return syncId
}

/** Until everybody was told of it whom the run has to tell so far. */
const untilTold = ({ acts }: RosterStage, times: number): Promise<void> =>
  until(
    async () => new Set((await mailsTo(acts.administrator.email)).map(({ headers }) => headers['message-id'])).size === times,
    `${times} mails`,
  )

const decide = async ({ acts }: RosterStage, syncId: string, removals: 'approving' | 'discarding'): Promise<void> => {
  await acts.decide(syncId, removals)
  // A hint, as the API gives it.
  await acts
    .decisionOf(syncId)
    .signal(lookNowSignal)
    .catch(() => undefined)
  await acts.decisionOf(syncId).result()
}

const open = (stage: Parameters<typeof openRosterStage>[0]) => openRosterStage(stage, { isBrakeStrict: true })
/** What the feed brings is there at once, whatever becomes of what it removes. */
const added = { 'u2>u3 about u3': 'allowed', 'u2>u4 about u4': 'refused, allowed' }
const forGood = { ...added, 'u2>u1 about u1': 'allowed, refused', 'u2>u5 about u5': 'allowed, refused' }
const forAWhile = { ...added, 'u2>u1 about u1': 'allowed, refused, allowed', 'u2>u5 about u5': 'allowed, refused, allowed' }

export const decisionScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario(
    {
      name: 'removals that the brake holds and the district approves',
      ending: {
        syncs: ['applied', 'partly-applied'],
        mails: [heldMail, '<roster.3.<users u1>'],
        alerts: [],
        objects: [...objects, rejects],
      },
      access: forGood,
      happen: async (stage) => {
        const syncId = await holdRemovals(stage)
        await untilTold(stage, 1)
        await decide(stage, syncId, 'approving')
        await stage.settleNewest()
      },
    },
    open,
  ),
  rosterScenario(
    {
      name: 'removals that the brake holds and the district discards, after a day of silence',
      ending: {
        syncs: ['applied', 'partly-applied'],
        mails: [heldMail, '<removal.<roster_syncs 2>.undecided.<users local:admin>'],
        alerts: ['removal-undecided:<roster_syncs 2> resolve', 'removal-undecided:<roster_syncs 2> trigger'],
        objects: [...objects, rejects],
      },
      access: forAWhile,
      happen: async (stage) => {
        const syncId = await holdRemovals(stage, { heldForDays: 2 })
        await untilTold(stage, 2)
        await decide(stage, syncId, 'discarding')
      },
    },
    open,
  ),
]
