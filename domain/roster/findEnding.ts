import type { Way } from './decideReach.ts'
import type { ReachFault, RosterRef } from './findFaults.ts'

/** When a row came and when what is at fault with it ended it, in ms of the epoch; null when that is not known, or was never otherwise. */
export type RowTimes = { since(row: RosterRef): number | null; until(fault: ReachFault): number | null }

/** The end of the last way that once was whole, and what ended it. */
export type Ending = { at: number; fault: ReachFault }

/**
 * When the last way between two people ended: a way ends with the first of its rows that does, and counts only if all of them had come before that.
 * Null when none ever was whole, as far as is known. Of a section's terms the last one counts.
 */
export const findEnding = (ways: readonly Way[], times: RowTimes): Ending | null =>
  toLatest(
    ways.flatMap((way) => {
      const ending = findWayEnding(way, times)
      if (ending === null) return []
      return way.rows.some((row) => (times.since(row) ?? 0) >= ending.at) ? [] : [ending]
    }),
  )

const findWayEnding = ({ faults }: Way, times: RowTimes): Ending | null => {
  const ofTerms = faults.filter(({ row }) => row?.subject === 'term')
  const dated = faults.filter((fault) => !ofTerms.includes(fault)).map((fault) => ({ fault, at: times.until(fault) }))
  const endings = dated.flatMap(({ fault, at }) => (at === null ? [] : [{ fault, at }]))
  if (endings.length < dated.length) return null
  const termEnding = toLatest(ofTerms.flatMap((fault) => ((at) => (at === null ? [] : [{ fault, at }]))(times.until(fault))))
  if (ofTerms.length > 0 && termEnding === null) return null
  return toEarliest(termEnding === null ? endings : [...endings, termEnding])
}

const toLatest = (endings: readonly Ending[]): Ending | null => endings.toSorted((a, b) => b.at - a.at)[0] ?? null
const toEarliest = (endings: readonly Ending[]): Ending | null => endings.toSorted((a, b) => a.at - b.at)[0] ?? null
