import { toText, type CrashPoint } from './effects.ts'
import type { Scenario } from './scenario.ts'
import type { Walk } from './volley.ts'

/** A point, and the scenarios that come by it. */
export type Known<End> = { point: CrashPoint; scenarios: Scenario<End>[] }

/** Every effect of every activity once, every point once, or every point on every scenario whose business it is. */
export type CrashPlan = 'effects' | 'points' | 'scenarios'

/** What `npm run crash-points` asks for by the environment: which points, by a part of their words (null: all of them, and no table), and how many deaths. */
export const readCrashPlan = (): { wanted: string | null; plan: CrashPlan } => {
  const wanted = process.env.CRASH_POINTS ?? null
  const isOnEveryScenario = process.env.CRASH_SCENARIOS === 'every'
  return { wanted, plan: wanted === null ? 'effects' : isOnEveryScenario ? 'scenarios' : 'points' }
}

const toEffect = ({ activity, name }: CrashPoint): string => `${activity} ${name}`

/** The deaths of a plan. `known` in a fixed order, so that each run has the same. `toKind`: which effects are of one kind, of which one stands for all. */
export const planDeaths = <End>(plan: CrashPlan, known: readonly Known<End>[], toKind = toEffect): Walk<End>[] => {
  if (plan === 'scenarios') return known.flatMap((one) => walksOf(one).map((scenario) => ({ point: one.point, scenario })))
  return plan === 'points' ? toEachPoint(known) : toSpread(known, toKind)
}

/**
 * The scenarios that come by, in order. Those that are alone in their world cost a world each: they are left out where others come by the same point,
 * since then it is another scenario's business.
 */
const walksOf = <End>({ scenarios }: Known<End>): Scenario<End>[] => {
  const sharing = scenarios.filter(({ isAlone }) => isAlone !== true)
  return sharing.length > 0 ? sharing : scenarios
}

/** Every point once, on one scenario after the other. */
const toEachPoint = <End>(points: readonly Known<End>[]): Walk<End>[] =>
  points.map((known, index) => {
    const walks = walksOf(known)
    return { point: known.point, scenario: walks[index % walks.length] as Scenario<End> }
  })

/** Every effect of every activity once: before one and after the next, and on one scenario after the other, so that each has its share. */
const toSpread = <End>(points: readonly Known<End>[], toKind: (point: CrashPoint) => string): Walk<End>[] => {
  const effects = Map.groupBy(points, ({ point }) => toKind(point))
  return [...effects.values()].map((same, index) => {
    const when = index % 2 === 0 ? 'before' : 'after'
    const sides = same.filter(({ point }) => point.when === when)
    const known = sides[index % sides.length] as Known<End>
    const walks = walksOf(known)
    return { point: known.point, scenario: walks[index % walks.length] as Scenario<End> }
  })
}

/** A line for each point, and how many deaths there are. */
export const toTable = <End>(points: readonly Known<End>[], deaths: number): string => {
  const lines = points.map(({ point: { activity, when, name, ordinal }, scenarios }) =>
    [
      activity.padEnd(18),
      when.padEnd(7),
      `${name}${ordinal === 1 ? '' : ` (${ordinal})`}`.padEnd(36),
      String(scenarios.length).padStart(9),
    ].join(' '),
  )
  const head = `${'activity'.padEnd(18)} ${'when'.padEnd(7)} ${'effect'.padEnd(36)} scenarios`
  return `${[head, ...lines, `${points.length} points, ${deaths} deaths`].join('\n')}\n`
}

/** What was come by, gathered from walk to walk. */
export const createKnown = <End>(scenarios: readonly Scenario<End>[]) => {
  const come = new Map<string, Known<End>>()
  return {
    note: (seen: readonly { walk: Walk<End>; points: readonly CrashPoint[] }[]): void => {
      for (const { walk, points } of seen)
        for (const point of points) {
          const known = come.get(toText(point)) ?? { point, scenarios: [] }
          if (!known.scenarios.includes(walk.scenario)) known.scenarios.push(walk.scenario)
          come.set(toText(point), known)
        }
    },
    /** By their words, and the scenarios of each in the order in which they were given. */
    list: (): Known<End>[] =>
      [...come.values()]
        .map((known) => ({ ...known, scenarios: scenarios.filter((scenario) => known.scenarios.includes(scenario)) }))
        .toSorted((one, other) => toText(one.point).localeCompare(toText(other.point))),
  }
}
