import { isDeepStrictEqual } from 'node:util'
import { present } from '../support/present.ts'
import type { CrashCrew } from './crashCrew.ts'
import { toText, type CrashPoint } from './effects.ts'
import type { Scenario, Settled, Settling } from './scenario.ts'
import type { Place } from './workerMessages.ts'

/** One walk through a scenario: with a death at this point, or without one for null. */
export type Walk<End> = { scenario: Scenario<End>; point: CrashPoint | null }

/** So many at once in the world that they share: no more than the worker has database connections, some of which they hold while they stand. */
const sharedAtOnce = 12
/** For a machine that is busy with other things: nothing is concluded from it but that the walks have stopped. */
const volleyTimeoutMs = 600_000

/**
 * Takes from `left` what one volley has room for: many in the first world, which they share, and one in each of the others. A volley is done
 * with one death of one worker, which then stands at all of its points.
 */
export const takeVolley = <End>(left: Walk<End>[], worldCount: number): Walk<End>[] => {
  let shared = sharedAtOnce
  let alone = worldCount - 1
  const taken = left.filter(({ scenario }) => (scenario.isAlone ? alone-- > 0 : shared-- > 0))
  left.splice(0, left.length, ...left.filter((walk) => !taken.includes(walk)))
  return taken
}

/** Of two looks that differ, only where they do. */
const toWhy = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  if (!('actual' in error && 'expected' in error) || typeof error.actual !== 'object') return error.message
  const { actual, expected } = error as { actual: object; expected: object }
  const differing = Object.entries(actual).filter(([key, value]) => !isDeepStrictEqual(value, Reflect.get(expected, key)))
  return differing.map(([key, value]) => `${key} is ${JSON.stringify(value)}, not ${JSON.stringify(Reflect.get(expected, key))}`).join('; ')
}

/** Whoever waits goes on when all have come; when one never will, nobody does. */
const createBarrier = (count: number, whenAllCame: () => Promise<void>) => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => undefined)
  let come = 0
  return {
    come: async (): Promise<void> => {
      come += 1
      if (come === count) await whenAllCame().then(resolve, reject)
      return promise
    },
    fail: reject,
  }
}

type Placed<End> = Walk<End> & { world: number; subjectId: string | null }

const isOf = <End>({ world, subjectId, scenario }: Placed<End>, place: Place): boolean =>
  place.world === world && (scenario.isAlone === true || place.subjectId === subjectId)

/** What a volley came by, each walk for itself, and what went wrong. */
export type VolleyEnd<End> = { seen: { walk: Walk<End>; points: CrashPoint[] }[]; wrong: string[] }

/** Takes one attachment, or district, through each of these walks, all at once, and checks what is left in every world. */
export const fireVolley = async <End>(crew: CrashCrew, walks: readonly Walk<End>[], settling: Settling<End>): Promise<VolleyEnd<End>> => {
  await crew.reset()
  let world = 0
  const placed = walks.map((walk): Placed<End> => ({ ...walk, subjectId: null, world: walk.scenario.isAlone ? (world += 1) : 0 }))
  let before = 0
  const barrier = createBarrier(placed.length, async () => {
    before = crew.seen().length
    await crew.dieAt(placed.flatMap(toPlaceOfDeath))
  })
  const endings = await withinTime(
    Promise.all(placed.map((walk) => walkOne(crew, walk, barrier))),
    () => `it never came to its end; the worker stands at ${JSON.stringify(crew.standing())}`,
  )
  const seen = crew.seen().slice(before)
  const deaths = placed.some(({ point }) => point !== null) ? 1 : 0
  const wrong = crew.deaths() === deaths ? [] : [`${crew.deaths()} workers died`]
  const found = crew.worlds.map((_, index) => settle(crew, index, { placed, endings, settling }))
  wrong.push(...(await Promise.all(found)).flat())
  return {
    wrong,
    seen: placed.map((walk) => ({
      walk: { scenario: walk.scenario, point: walk.point },
      points: seen.filter((place) => isOf(walk, place)).map(({ point }) => point),
    })),
  }
}

const toPlaceOfDeath = <End>({ point, world, subjectId, scenario }: Placed<End>): Place[] =>
  point === null ? [] : [{ point, world, subjectId: scenario.isAlone ? null : subjectId }]

const walkOne = async <End>(crew: CrashCrew, walk: Placed<End>, barrier: ReturnType<typeof createBarrier>): Promise<Settled<End>[]> => {
  const { world, scenario, point: death } = walk
  try {
    const ends = await scenario.walk({
      world: present(crew.worlds[world]),
      arm: (subjectId) => {
        walk.subjectId = subjectId
        return barrier.come()
      },
      holdAt: (subjectId, point, meanwhile) => crew.holdAt({ world, subjectId, point }, meanwhile),
      plant: (planted) => crew.plant(planted),
      relay: () => crew.relay(world),
    })
    return [ends].flat().map((end) => ({ ...(typeof end === 'string' ? { id: end, ending: scenario.ending } : end), point: death }))
  } catch (error) {
    const failed = new Error(`${toName(walk)}: ${toWhy(error)}`)
    barrier.fail(failed)
    throw failed
  }
}

const toName = <End>({ scenario, point }: Walk<End>): string => (point === null ? scenario.name : `${scenario.name}: ${toText(point)}`)

type Ended<End> = { placed: readonly Placed<End>[]; endings: readonly Settled<End>[][]; settling: Settling<End> }

const settle = async <End>(crew: CrashCrew, world: number, { placed, endings, settling }: Ended<End>): Promise<string[]> => {
  const mine = endings.filter((_, index) => placed[index]?.world === world).flat()
  if (mine.length === 0) return []
  const unsettled = await settling.findUnsettled(present(crew.worlds[world]), mine)
  const nameOf = (id: string | null): string => {
    const walks =
      id === null
        ? placed.filter((walk) => walk.world === world)
        : [present(placed[endings.findIndex((ends) => ends.some((end) => end.id === id))])]
    return walks.map(toName).join(' | ')
  }
  if (unsettled.length === 0) await settling.clear(present(crew.worlds[world]))
  return unsettled.map(({ id, error }) => `${nameOf(id)}: ${toWhy(error)}`)
}

const withinTime = <T>(work: Promise<T>, why: () => string): Promise<T> => {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(why())), volleyTimeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
