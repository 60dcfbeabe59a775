/**
 * Kills a worker's process before and after everything that its activities do to the world. The list of points is what the walks of the scenarios
 * come by, so an effect that is added is killed too; one that no scenario comes by is a failure. In the whole suite each effect is killed once, before
 * it or after it; `npm run crash-points` kills at every point, and with `--every-scenario` on every scenario, and prints them as a table.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { replayRing } from '../support/replayRing.ts'
import { bundleHastily } from './bundleHastily.ts'
import { openCrashCrew, type CrashCrew } from './crashCrew.ts'
import { toText, type CrashPoint } from './effects.ts'
import { rescanScenarios } from './rescanScenarios.ts'
import { scanScenarios } from './scanScenarios.ts'
import type { Scenario } from './scenario.ts'
import { sweepScenarios } from './sweepScenarios.ts'
import { syntheticScenarios } from './syntheticScenarios.ts'
import { fireVolley, takeVolley, type VolleyEnd, type Walk } from './volley.ts'
import { listEffectMethods } from './watchAdapters.ts'

/** Part of a point's words: only these are died at. All of them for the empty text. */
const wanted = process.env.CRASH_POINTS ?? null
const isOnEveryScenario = process.env.CRASH_SCENARIOS === 'every'
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
/**
 * Rosters have no scenario here yet. What of theirs changes access is one transaction each, killed in its middle in test/roster/applyConcurrently.test.ts.
 */
const ofRosters: readonly string[] = [
  'settleFeeds',
  'restartLostSyncs',
  'forgetFeeds',
  'tellLateDistricts',
  'askForYearEnds',
  'startDuePulls',
]
const scenarios: readonly Scenario[] = [...scanScenarios, ...rescanScenarios, ...sweepScenarios, ...syntheticScenarios]
const bundlePath = join(inject('stack').folder, `crash-workflows-${process.pid}.js`)
const crews: CrashCrew[] = []
/** A point, and the scenarios that come by it. */
type Known = { point: CrashPoint; scenarios: Scenario[] }
const come = new Map<string, Known>()

beforeAll(async () => {
  await bundleHastily(bundlePath, createDataConverter(replayRing))
  for (let count = 0; count < crewCount; count += 1) crews.push(await openCrashCrew(bundlePath, worldCount))
}, openingMs)
afterAll(async () => {
  for (const crew of crews) await crew.close()
}, openingMs)

/** Does every walk with whichever crew is free, and answers what went wrong. A crew with which something did is not used again. */
const walkAll = async (walks: readonly Walk[], note: (seen: VolleyEnd['seen']) => void = () => undefined): Promise<string[]> => {
  const left = [...walks]
  const wrong: string[] = []
  const drive = async (index: number): Promise<void> => {
    while (left.length > 0) {
      const crew = crews[index] as CrashCrew
      const end = await fireVolley(crew, takeVolley(left, worldCount)).catch((error: Error) => ({ seen: [], wrong: [error.message] }))
      note(end.seen)
      if (end.wrong.length === 0) continue
      wrong.push(...end.wrong)
      crews[index] = await openCrashCrew(bundlePath, worldCount)
      await crew.close()
    }
  }
  await Promise.all(crews.map((_, index) => drive(index)))
  return wrong
}

const noteSeen = (seen: VolleyEnd['seen']): void => {
  for (const { walk, points } of seen)
    for (const point of points) {
      const known = come.get(toText(point)) ?? { point, scenarios: [] }
      come.set(toText(point), known)
      if (!known.scenarios.includes(walk.scenario)) known.scenarios.push(walk.scenario)
    }
}

test('every scenario ends as it should when nobody dies', { timeout: 300_000 }, async () => {
  expect(
    await walkAll(
      scenarios.map((scenario) => ({ scenario, point: null })),
      noteSeen,
    ),
  ).toEqual([])
})

test('every activity about files, and every method that is not known to only read, is come by', () => {
  const points = [...come.values()].map(({ point }) => point)
  const [world] = (crews[0] as CrashCrew).worlds as [AttachmentWorld]
  const { queues } = toWorkersPlan(world.config, world.adapters)
  const activities = queues
    .filter(({ taskQueue }) => !taskQueue.startsWith(world.config.taskQueues.roster))
    .flatMap((queue) => Object.keys(queue.activities))
    .filter((name) => !ofRosters.includes(name))
  const dying = new Set(points.map(({ activity }) => activity))
  expect(activities.filter((name) => !withoutEffect.includes(name) && !dying.has(name))).toEqual([])
  const called = new Set(points.map(({ name }) => name.replace(/^(incoming|clean|quarantine|archive)\./, 'bucket.')))
  expect(listEffectMethods(world.adapters).filter((method) => !(method in calledElsewhere) && !called.has(method))).toEqual([])
})

const toTable = (points: readonly Known[], deaths: number): string => {
  const lines = points.map(({ point: { activity, when, name, ordinal }, scenarios: walks }) =>
    [
      activity.padEnd(18),
      when.padEnd(7),
      `${name}${ordinal === 1 ? '' : ` (${ordinal})`}`.padEnd(36),
      String(walks.length).padStart(9),
    ].join(' '),
  )
  const head = `${'activity'.padEnd(18)} ${'when'.padEnd(7)} ${'effect'.padEnd(36)} scenarios`
  return `${[head, ...lines, `${points.length} points, ${deaths} deaths`].join('\n')}\n`
}

/**
 * The scenarios that come by, in order. Those that are alone in their world cost a world each: they are left out where others come by the same point,
 * since then it is another scenario's business.
 */
const walksOf = (known: Known): Scenario[] => {
  const walks = scenarios.filter((scenario) => known.scenarios.includes(scenario))
  const sharing = walks.filter(({ isAlone }) => isAlone !== true)
  return sharing.length > 0 ? sharing : walks
}

/** Every point on every scenario whose business it is. */
const toAllDeaths = (points: readonly Known[]): Walk[] =>
  points.flatMap((known) => walksOf(known).map((scenario) => ({ point: known.point, scenario })))

/** Every point once, on one scenario after the other. */
const toEachPoint = (points: readonly Known[]): Walk[] =>
  points.map((known, index) => {
    const walks = walksOf(known)
    return { point: known.point, scenario: walks[index % walks.length] as Scenario }
  })

/** Every effect of every activity once: before one and after the next, and on one scenario after the other, so that each has its share. */
const toSpread = (points: readonly Known[]): Walk[] => {
  const effects = Map.groupBy(points, ({ point: { activity, name } }) => `${activity} ${name}`)
  return [...effects.values()].map((same, index) => {
    const when = index % 2 === 0 ? 'before' : 'after'
    const sides = same.filter(({ point }) => point.when === when)
    const known = sides[index % sides.length] as Known
    const walks = walksOf(known)
    return { point: known.point, scenario: walks[index % walks.length] as Scenario }
  })
}

test('a worker that is killed there is followed by one that brings everything to its end, once', { timeout: 3_600_000 }, async () => {
  const known = [...come.values()].toSorted((one, other) => toText(one.point).localeCompare(toText(other.point)))
  const points = known.filter(({ point }) => toText(point).includes(wanted ?? ''))
  const toDeaths = isOnEveryScenario ? toAllDeaths : toEachPoint
  const deaths = wanted === null ? toSpread(points) : toDeaths(points)
  const alone = deaths.filter(({ scenario }) => scenario.isAlone).length
  process.stdout.write(wanted === null ? `${deaths.length} deaths, ${alone} of them alone\n` : toTable(points, deaths.length))
  expect(await walkAll(deaths)).toEqual([])
})
