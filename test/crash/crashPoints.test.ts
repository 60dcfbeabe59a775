/**
 * Kills a worker's process before and after everything that its activities about files do to the world. The list of points is what the walks of the
 * scenarios come by, so an effect that is added is killed too; one that no scenario comes by is a failure. In the whole suite each effect is killed once,
 * before it or after it; `npm run crash-points` kills at every point, and with `--every-scenario` on every scenario, and prints them as a table. What
 * rosters do is killed in `rosterCrashPoints.test.ts`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import { toNoticesQueue } from '../../workflows/contract.ts'
import { createKnown, planDeaths, readCrashPlan, toTable } from './crashPlan.ts'
import { toText } from './effects.ts'
import { openCrews, type Crews } from './openCrews.ts'
import { rescanScenarios } from './rescanScenarios.ts'
import { scanScenarios } from './scanScenarios.ts'
import type { Ending, Scenario } from './scenario.ts'
import { settlingAttachments } from './settled.ts'
import { sweepScenarios } from './sweepScenarios.ts'
import { syntheticScenarios } from './syntheticScenarios.ts'
import { listEffectMethods } from './watchAdapters.ts'

const { wanted, plan } = readCrashPlan()
const crewCount = 2
/** One that the scans share, and some for those who are alone. */
const worldCount = 4
const openingMs = 600_000

/** No activity calls these: who does is named. */
const calledElsewhere: Readonly<Record<string, string>> = {
  'keys.ensureKey': 'at the start of the worker and of a district',
  'keys.rotateKey': 'by the command that rotates keys',
  'keys.rewrapDataKey': 'by the rotation of keys',
  'keys.sign': 'by the sealer of the audit log',
  'smsSender.send': 'by notifications, which are killed in rosterCrashPoints.test.ts',
  'translator.translate': 'by translations, which are killed in rosterCrashPoints.test.ts',
}
/** These change nothing, and so there is no moment at which to die. */
const withoutEffect: readonly string[] = [
  'readPace',
  'lookAtTestVirus',
  'lookAgain',
  'readRescanPace',
  'readDatabaseVersion',
  'listRescans',
  'listWithdrawing',
  'hasScanBacklog',
]
/** What sweeps do about rosters is killed in `rosterCrashPoints.test.ts`. */
const ofRosters: readonly string[] = [
  'settleFeeds',
  'restartLostSyncs',
  'forgetFeeds',
  'tellLateDistricts',
  'askForYearEnds',
  'startDuePulls',
  'restartLostBatches',
  'restartLostTranslations',
  'takeMailFeedback',
]
const scenarios: readonly Scenario[] = [...scanScenarios, ...rescanScenarios, ...sweepScenarios, ...syntheticScenarios]
const known = createKnown(scenarios)
let crews: Crews<Ending>

beforeAll(async () => {
  crews = await openCrews({ crewCount, worldCount, settling: settlingAttachments })
}, openingMs)
afterAll(() => crews?.close(), openingMs)

test('every scenario ends as it should when nobody dies', { timeout: 300_000 }, async () => {
  const walks = scenarios.map((scenario) => ({ scenario, point: null }))
  expect(await crews.walkAll(walks, known.note)).toEqual([])
})

test('every activity about files, and every method that is not known to only read, is come by', () => {
  const points = known.list().map(({ point }) => point)
  const { config, adapters } = crews.world
  const activities = toWorkersPlan(config, adapters)
    .queues.filter(
      ({ taskQueue }) =>
        !taskQueue.startsWith(config.taskQueues.roster) &&
        ![config.taskQueues.safety, config.taskQueues.translations, toNoticesQueue(config.taskQueues.maintenance)].includes(taskQueue),
    )
    .flatMap((queue) => Object.keys(queue.activities))
    .filter((name) => !ofRosters.includes(name))
  const dying = new Set(points.map(({ activity }) => activity))
  expect(activities.filter((name) => !withoutEffect.includes(name) && !dying.has(name))).toEqual([])
  const called = new Set(points.map(({ name }) => name.replace(/^(incoming|clean|quarantine|archive)\./, 'bucket.')))
  expect(listEffectMethods(adapters).filter((method) => !(method in calledElsewhere) && !called.has(method))).toEqual([])
})

test('a worker that is killed there is followed by one that brings everything to its end, once', { timeout: 3_600_000 }, async () => {
  const points = known.list().filter(({ point }) => toText(point).includes(wanted ?? ''))
  const deaths = planDeaths(plan, points)
  const alone = deaths.filter(({ scenario }) => scenario.isAlone).length
  process.stdout.write(wanted === null ? `${deaths.length} deaths, ${alone} of them alone\n` : toTable(points, deaths.length))
  expect(await crews.walkAll(deaths)).toEqual([])
})
