import type { ReachRows } from '../../db/queries/findReachRows.ts'
import type { ChangeRecord, VersionRecord } from '../../db/queries/listRosterHistory.ts'
import type { RowTimes } from '../../domain/roster/findEnding.ts'
import type { ReachFacts } from '../../domain/roster/reachFacts.ts'

/** The changes of each row, oldest first. */
export type HistoryOf = (id: string) => readonly ChangeRecord[]

/** What is known of when: of versions, of days, and of each row's changes. */
export type Chronicle = {
  versions: ReadonlyMap<number, VersionRecord>
  midnights: ReadonlyMap<string, number>
  historyOf: HistoryOf
}

/** Every day that a row begins or ends on, and on which somebody begins or ends to work. */
export const listDays = ({ enrollments, guardianships, connections, terms }: ReachRows, people: ReachFacts['people']): string[] =>
  [...enrollments, ...guardianships, ...connections, ...terms, ...people.flatMap(({ workDays }) => workDays)].flatMap(({ begins, ends }) =>
    [begins, ends].filter((day) => day !== null),
  )

const known = (times: (number | null)[]): number[] => times.filter((time) => time !== null)

/** The moment that is asked about: `at` in ms of the epoch, its version, and the people as they were. */
type Then = { at: number; version: number; people: ReachFacts['people'] }

/** When rows came and what ended them, up to a moment. */
export const toRowTimes = (rows: ReachRows, { versions, midnights, historyOf }: Chronicle, { at, version, people }: Then): RowTimes => {
  const intervals = new Map([...rows.enrollments, ...rows.guardianships, ...rows.connections].map((row) => [row.id, row]))
  const terms = new Map(rows.terms.map((row) => [row.id, row]))
  const midnightOf = (day: string | null | undefined): number | null => midnights.get(day ?? '') ?? null
  const timeOf = (number: number | null | undefined): number | null => versions.get(number ?? 0)?.at.getTime() ?? null
  const lastChange = (id: string, isIt: (change: string) => boolean): number | null =>
    historyOf(id)
      .findLast((entry) => entry.version <= version && isIt(entry.change))
      ?.at.getTime() ?? null
  const lastWorkday = (id: string): number | null =>
    known(people.flatMap((person) => (person.id === id ? person.workDays.map(({ ends }) => midnightOf(ends)) : [])))
      .filter((end) => end <= at)
      .reduce<number | null>((last, end) => Math.max(last ?? end, end), null)
  return {
    since: ({ id }) => {
      const row = intervals.get(id)
      const came = known([timeOf(row?.sinceVersion), midnightOf(row?.begins)])
      return came.length === 0 ? null : Math.max(...came)
    },
    until: ({ reason, row }) => {
      if (row === null) return null
      const interval = intervals.get(row.id)
      const ends = midnightOf(interval?.ends ?? terms.get(row.id)?.ends)
      if (reason === 'suspended') return lastChange(row.id, (change) => change === 'suspended')
      if (reason === 'provider-not-staff') {
        const ended = known([lastWorkday(row.id), lastChange(row.id, (change) => change === 'removed' || change === 'changed')])
        return ended.length === 0 ? null : Math.max(...ended)
      }
      if (['person-inactive', 'work-suspended', 'section-removed', 'term-removed'].includes(reason))
        return lastChange(row.id, (change) => change === 'removed' || change === 'changed')
      if (reason.endsWith('-ended') || reason === 'term-over') return ends
      const ended = known([timeOf(interval?.untilVersion), ends])
      return reason.endsWith('-removed') && ended.length > 0 ? Math.min(...ended) : null
    },
  }
}
