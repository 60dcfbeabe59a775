/**
 * Kills a worker's process before and after everything that its activities do to the world. The list of points is what the walks of the scenarios
 * come by, so an effect that is added is killed too; one that no scenario comes by is a failure. In the whole suite each effect is killed once, before
 * it or after it; `npm run crash-points` kills at every point of every scenario, and prints them as a table.
 */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import { replayRing } from '../support/replayRing.ts'
import { bundleHastily } from './bundleHastily.ts'
import { openCrashLane, type CrashLane } from './crashLane.ts'
import { toText, type CrashPoint } from './effects.ts'
import { rescanScenarios } from './rescanScenarios.ts'
import { scanScenarios } from './scanScenarios.ts'
import type { Scenario } from './scenario.ts'
import { clearLane, expectSettled } from './settled.ts'
import { sweepScenarios } from './sweepScenarios.ts'
import { listEffectMethods } from './watchAdapters.ts'

/** Part of a point's words: only these are died at, on every scenario. All of them for the empty text. */
const wanted = process.env.CRASH_POINTS ?? null
const laneCount = 3
const openingMs = 600_000
/** For a machine that is busy with other things: nothing is concluded from it but that a walk has stopped. */
const pointTimeoutMs = 240_000

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
 * Not killed yet: they send a test virus through an API, which these worlds do not have. What it becomes is scanned and swept as everything else; a death among
 * them leaves at most one more file in the operations district. Nor those of a re-scan that act beyond one attachment: asking for the
 * copies of a file, which is asking once for each, and one alert a database, whose key is the database's.
 */
const notYet: readonly string[] = ['sendTestVirus', 'judgeTestVirus', 'cleanUpTestVirus', 'withdrawCopies', 'alertNotInspected']

const scenarios: readonly Scenario[] = [...scanScenarios, ...rescanScenarios, ...sweepScenarios]
const bundlePath = join(inject('stack').folder, `crash-workflows-${process.pid}.js`)
const lanes: CrashLane[] = []
/** A point, and the scenarios that come by it. */
type Known = { point: CrashPoint; scenarios: Scenario[] }
const come = new Map<string, Known>()

beforeAll(async () => {
  await bundleHastily(bundlePath, createDataConverter(replayRing))
  for (let count = 0; count < laneCount; count += 1) lanes.push(await openCrashLane(bundlePath))
}, openingMs)
afterAll(async () => {
  for (const lane of lanes) await lane.close()
}, openingMs)

/** Takes one attachment through a scenario, with a death on the way or without one, and checks what is left. */
const walk = async (lane: CrashLane, scenario: Scenario, point: CrashPoint | null): Promise<readonly CrashPoint[]> => {
  await lane.reset()
  let before = 0
  const id = await scenario.walk(lane, async () => {
    before = lane.seen().length
    await lane.dieAt(point)
  })
  const seen = lane.seen().slice(before)
  expect(lane.deaths()).toBe(point === null ? 0 : 1)
  await expectSettled(lane, id, scenario.ending, point)
  await clearLane(lane)
  return seen
}

const withinTime = <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it never came to its end')), pointTimeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Of two looks that differ, only where they do. */
const toWhy = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  if (!('actual' in error && 'expected' in error) || typeof error.actual !== 'object') return error.message
  const { actual, expected } = error as { actual: object; expected: object }
  const differing = Object.entries(actual).filter(([key, value]) => !isDeepStrictEqual(value, Reflect.get(expected, key)))
  return differing.map(([key, value]) => `${key} is ${JSON.stringify(value)}, not ${JSON.stringify(Reflect.get(expected, key))}`).join('; ')
}

/** Does every piece of work on whichever lane is free, and answers what went wrong. A lane on which something did is not used again. */
const onLanes = async <Work>(works: readonly Work[], act: (lane: CrashLane, work: Work) => Promise<void>, name: (work: Work) => string) => {
  const left = [...works]
  const wrong: string[] = []
  const drive = async (index: number): Promise<void> => {
    for (let work = left.shift(); work !== undefined; work = left.shift()) {
      const given = work
      try {
        await withinTime(act(lanes[index] as CrashLane, given))
      } catch (error) {
        wrong.push(`${name(given)}: ${toWhy(error)}`)
        const broken = lanes[index] as CrashLane
        lanes[index] = await openCrashLane(bundlePath)
        await broken.close()
      }
    }
  }
  await Promise.all(lanes.map((_, index) => drive(index)))
  return wrong
}

test('every scenario ends as it should when nobody dies', { timeout: 300_000 }, async () => {
  const wrong = await onLanes(
    scenarios,
    async (lane, scenario) => {
      for (const point of await walk(lane, scenario, null)) {
        const known = come.get(toText(point)) ?? { point, scenarios: [] }
        come.set(toText(point), known)
        if (!known.scenarios.includes(scenario)) known.scenarios.push(scenario)
      }
    },
    ({ name }) => name,
  )
  expect(wrong).toEqual([])
})

test('every activity, and every method that is not known to only read, is come by', () => {
  const points = [...come.values()].map(({ point }) => point)
  const { world } = lanes[0] as CrashLane
  const activities = toWorkersPlan(world.config, world.adapters).queues.flatMap((queue) => Object.keys(queue.activities))
  const dying = new Set(points.map(({ activity }) => activity))
  expect(activities.filter((name) => !withoutEffect.includes(name) && !notYet.includes(name) && !dying.has(name))).toEqual([])
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

type Death = { point: CrashPoint; scenario: Scenario }

const inOrder = (known: Known): Scenario[] => scenarios.filter((scenario) => known.scenarios.includes(scenario))

/** Every point on every scenario that comes by it. */
const toAllDeaths = (points: readonly Known[]): Death[] =>
  points.flatMap((known) => inOrder(known).map((scenario) => ({ point: known.point, scenario })))

/** Every effect of every activity once: before one and after the next, and on one scenario after the other, so that each has its share. */
const toSpread = (points: readonly Known[]): Death[] => {
  const effects = Map.groupBy(points, ({ point: { activity, name } }) => `${activity} ${name}`)
  return [...effects.values()].map((same, index) => {
    const when = index % 2 === 0 ? 'before' : 'after'
    const sides = same.filter(({ point }) => point.when === when)
    const known = sides[index % sides.length] as Known
    const walks = inOrder(known)
    return { point: known.point, scenario: walks[index % walks.length] as Scenario }
  })
}

test('a worker that is killed there is followed by one that brings everything to its end, once', { timeout: 3_600_000 }, async () => {
  const known = [...come.values()].toSorted((one, other) => toText(one.point).localeCompare(toText(other.point)))
  const points = known.filter(({ point }) => toText(point).includes(wanted ?? ''))
  const deaths = wanted === null ? toSpread(points) : toAllDeaths(points)
  if (wanted !== null) {
    process.stdout.write(toTable(points, deaths.length))
  }
  const wrong = await onLanes(
    deaths,
    async (lane, { point, scenario }) => void (await walk(lane, scenario, point)),
    ({ point, scenario }) => `${scenario.name}: ${toText(point)}`,
  )
  expect(wrong).toEqual([])
})
