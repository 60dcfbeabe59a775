/**
 * Kills a worker's process before and after everything that it does about rosters: each statement that writes, each commit, object, mail, alert, signal and
 * temporary file. A sync that is killed in its middle ends as one that was not, down to every row, and meanwhile nobody is allowed again whom a reading saw
 * refused. The list of points is what the walks of the scenarios come by; `npm run crash-points` kills at each of them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import { toNoticesQueue, type TaskQueues } from '../../workflows/contract.ts'
import { startProvider, type TestProvider } from '../oneroster/startProvider.ts'
import { testSafetyPace } from '../support/reportActs.ts'
import { testRosterPace } from '../support/rosterActs.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { present } from '../support/present.ts'
import { requireTranslation } from '../support/requireTranslation.ts'
import { startFeedbackQueue, type TestQueue } from '../support/startFeedbackQueue.ts'
import { startTranslationGate, type TranslationGate } from '../support/startTranslationGate.ts'
import { testTranslationPace } from '../support/translationActs.ts'
import { createKnown, planDeaths, readCrashPlan, toTable } from './crashPlan.ts'
import { toText, type CrashPoint } from './effects.ts'
import { createFeedbackScenarios } from './feedbackScenarios.ts'
import { openCrews, type Crews } from './openCrews.ts'
import { createPullScenarios, toProvided } from './pullScenarios.ts'
import { createRosterSettling, type RosterEnding } from './rosterSettled.ts'
import { createRosterSweepScenarios } from './rosterSweepScenarios.ts'
import type { Scenario } from './scenario.ts'
import { decisionScenarios } from './decisionScenarios.ts'
import { receiptScenarios } from './receiptScenarios.ts'
import { noticeScenarios } from './noticeScenarios.ts'
import { reportScenarios } from './reportScenarios.ts'
import { syncScenarios } from './syncScenarios.ts'
import { createTranslationScenarios } from './translationScenarios.ts'
import { turnScenarios } from './turnScenarios.ts'
import { yearScenarios } from './yearScenarios.ts'

const { wanted, plan } = readCrashPlan()
/** One that districts share, and some for those who are alone. */
const worldCount = 3
const openingMs = 600_000
/** A sync whose turn it is not is woken; and nothing is given up that breaks off again and again. */
const rosterPace = { ...testRosterPace, interruptionsMax: 1_000, turnWaitMs: 60_000, decisionWaitMs: 1_000 }

/** A worker that dies and comes back takes longer than the waits of other tests. */
const translationPace = { ...testTranslationPace, giveUpAfterMs: 300_000, misconfiguredTriesMax: 3 }

/** These change nothing, and so there is no moment at which to die. */
const withoutEffect: readonly string[] = ['readRosterPace', 'lookAtRemovals', 'readSafetyPace', 'readTranslationPace']
/** What a statement of an open transaction wrote is gone with its process, whichever it was: in the whole suite one of an activity's stands for all. */
const toKind = ({ activity, name }: CrashPoint): string =>
  `${activity} ${/^(insert|update|delete|truncate|copy)\b/.exec(name) ? 'statement' : name}`
/** What sweeps do about rosters, among all that they do. */
const ofSweeps: readonly string[] = [
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
/** What follows from what people write is killed here too: reports, notifications and translations. */
const isKilledHere = ({ roster, safety, translations, maintenance }: TaskQueues, taskQueue: string): boolean =>
  taskQueue.startsWith(roster) || [safety, translations, toNoticesQueue(maintenance)].includes(taskQueue)
let provider: TestProvider
const queues = new Map<AttachmentWorld, TestQueue>()
const gates = new Map<AttachmentWorld, TranslationGate>()
let folder: string
const scenarios: readonly Scenario<RosterEnding>[] = [
  ...syncScenarios,
  ...turnScenarios,
  ...decisionScenarios,
  ...yearScenarios,
  ...reportScenarios,
  ...noticeScenarios,
  ...receiptScenarios,
  ...createPullScenarios(() => provider),
  ...createRosterSweepScenarios(() => provider),
  ...createFeedbackScenarios((world) => present(queues.get(world))),
  ...createTranslationScenarios((world) => present(gates.get(world))),
]
const known = createKnown(scenarios)
/** The relay is killed in `crashPoints.test.ts`. */
const listPoints = () => known.list().filter(({ point }) => point.activity !== 'relayOutbox')
let crews: Crews<RosterEnding>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallpass-crash-'))
  provider = await startProvider(toProvided())
  const authorityPath = join(folder, 'authority.pem')
  await writeFile(authorityPath, provider.ca)
  crews = await openCrews({
    crewCount: 1,
    worldCount,
    settling: createRosterSettling(),
    change: {
      safetyPace: testSafetyPace,
      rosterPace,
      translationPace,
      noticePace: { firstAfterMs: 100, againAfterMs: 100, awayWaitMs: 100 },
    },
    environmentOf: async (world) => {
      const queue = await startFeedbackQueue()
      queues.set(world, queue)
      const gate = await startTranslationGate(requireTranslation())
      gates.set(world, gate)
      return {
        TRANSLATE_ENDPOINT: gate.endpoint,
        PULL_LOOPBACK_ORIGINS: new URL(provider.baseUrl).origin,
        MAIL_CONFIGURATION_SET: 'hallpass',
        MAIL_FEEDBACK_QUEUE_URL: queue.url,
      }
    },
    authorityPath,
  })
}, openingMs)
afterAll(async () => {
  await crews?.close()
  await provider?.close()
  for (const queue of queues.values()) queue.close()
  for (const gate of gates.values()) await gate.stop()
  await rm(folder, { recursive: true, force: true })
}, openingMs)

test('every scenario ends as it should when nobody dies', { timeout: 900_000 }, async () => {
  const walks = scenarios.map((scenario) => ({ scenario, point: null }))
  expect(await crews.walkAll(walks, known.note)).toEqual([])
})

test('every activity about rosters is come by', () => {
  const { config, adapters } = crews.world
  const activities = toWorkersPlan(config, adapters)
    .queues.filter(({ taskQueue }) => isKilledHere(config.taskQueues, taskQueue))
    .flatMap((queue) => Object.keys(queue.activities))
  const dying = new Set(listPoints().map(({ point }) => point.activity))
  expect([...activities, ...ofSweeps].filter((name) => !withoutEffect.includes(name) && !dying.has(name))).toEqual([])
})

test('a worker that is killed there is followed by one that brings everything to its end, once', { timeout: 3_600_000 }, async () => {
  const points = listPoints().filter(({ point }) => toText(point).includes(wanted ?? ''))
  const deaths = planDeaths(plan, points, toKind)
  const alone = deaths.filter(({ scenario }) => scenario.isAlone).length
  process.stdout.write(wanted === null ? `${deaths.length} deaths, ${alone} of them alone\n` : toTable(points, deaths.length))
  expect(await crews.walkAll(deaths)).toEqual([])
})
