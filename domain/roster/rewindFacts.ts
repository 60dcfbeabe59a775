import type { FeatureSwitch } from '../features.ts'
import type { ConnectionFact, EnrollmentFact, GuardianshipFact, PersonFact, ReachFacts, SectionFact, TermFact } from './reachFacts.ts'
import { rewindRow, wasHeld, type HistoryEntry } from './rosterHistory.ts'

/** The versions in which an interval is believed: since, and until before; null is now. */
export type Believed = { sinceVersion: number; untilVersion: number | null }

/** Rows as they are now; intervals that ended are there too. */
export type BelievedFacts = {
  people: readonly PersonFact[]
  sections: readonly SectionFact[]
  terms: readonly TermFact[]
  enrollments: readonly (EnrollmentFact & Believed)[]
  guardianships: readonly (GuardianshipFact & Believed)[]
  connections: readonly (ConnectionFact & Believed)[]
  /** Of the moment that is asked about. */
  switches: readonly FeatureSwitch[]
}

/** The facts of a version that held on `day`: intervals by their versions, all else by taking back what was changed since. `historyOf` answers the changes of a row, oldest first. */
export const rewindFacts = (
  rows: BelievedFacts,
  historyOf: (id: string) => readonly HistoryEntry[],
  { version, day }: { version: number; day: string },
): ReachFacts => {
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
