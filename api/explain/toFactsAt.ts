import type { ChangeRecord } from '../../db/queries/listRosterHistory.ts'
import type { Believed, ReachRows } from '../../db/queries/findReachRows.ts'
import type { ReachFacts } from '../../domain/roster/reachFacts.ts'
import { rewindRow, wasHeld } from '../../domain/roster/rosterHistory.ts'

/** The changes of each row, oldest first. */
export type HistoryOf = (id: string) => readonly ChangeRecord[]

/** The facts of this moment from the rows of this moment. */
export const toFactsNow = (rows: ReachRows, day: string): ReachFacts => ({ ...rows, day })

/** The facts of a version that held on `day`: intervals by their versions, all else by taking back what was changed since. */
export const toFactsAt = (rows: ReachRows, historyOf: HistoryOf, version: number, day: string): ReachFacts => {
  const rewind = <Row extends Parameters<typeof rewindRow>[0]>(row: Row): Row[] => {
    const then = rewindRow(row, historyOf(row.id), version)
    return then === null ? [] : [then]
  }
  const toThen = <Row extends Believed & { id: string }>(row: Row) => ({
    ...row,
    isRemoved: row.untilVersion !== null && row.untilVersion <= version,
    isHeld: wasHeld(historyOf(row.id), version),
  })
  const wasKnown = ({ sinceVersion }: Believed): boolean => sinceVersion <= version
  return {
    day,
    people: rows.people.flatMap(rewind),
    sections: rows.sections.flatMap(rewind),
    terms: rows.terms.flatMap(rewind),
    enrollments: rows.enrollments.filter(wasKnown).map(toThen),
    guardianships: rows.guardianships.filter(wasKnown).map(toThen),
    connections: rows.connections.filter(wasKnown).map(toThen),
    switches: rows.switches,
  }
}
