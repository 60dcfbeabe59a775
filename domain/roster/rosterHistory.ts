import type { PersonFact, SectionFact, TermFact } from './reachFacts.ts'
import type { RosterChangeKind } from './subjects.ts'

/**
 * One row of what the versions of a roster changed. `before` is what of it decides access, as it was until that version; `causeId` is the sync's, or
 * whatever else made the version: a `removal` is of the sync whose brake held it.
 */
export type HistoryEntry = {
  subjectId: string
  version: number
  change: RosterChangeKind
  before: unknown
  cause: string
  causeId: string | null
}

/** Rows whose changes are kept beside them, and not as intervals of their own. */
type Rewindable = PersonFact | SectionFact | TermFact

const isOfValues = ({ change }: HistoryEntry): boolean => change === 'added' || change === 'changed' || change === 'removed'

/**
 * A row as it was at a version: the first later change says what it replaced. Null when it was not there yet. The history is of this
 * row, oldest first.
 */
export const rewindRow = <Row extends Rewindable>(row: Row, history: readonly HistoryEntry[], version: number): Row | null => {
  const next = history.find((entry) => entry.version > version && isOfValues(entry))
  if (next?.change === 'added') return null
  const before: unknown = next?.before ?? {}
  return { ...row, ...toKnownValues(row, before), isHeld: wasHeld(history, version) }
}

/**
 * Whether the brake held the row at a version. Each sync holds for itself: a discarded removal lifts that sync's hold alone, a feed that names the
 * row again lifts all of them, and what was removed or came anew is not held any more.
 */
export const wasHeld = (history: readonly HistoryEntry[], version: number): boolean => {
  const holders = new Set<string | null>()
  for (const { change, cause, causeId } of history.filter((entry) => entry.version <= version)) {
    if (change === 'suspended') holders.add(causeId)
    else if (change === 'restored' && cause === 'removal') holders.delete(causeId)
    else if (change !== 'changed') holders.clear()
  }
  return holders.size > 0
}

/** Of `before` the values that the row has, each only if it is of the same type: what cannot be read changes nothing. */
const toKnownValues = (row: Rewindable, before: unknown): object =>
  typeof before !== 'object' || before === null
    ? {}
    : Object.fromEntries(
        Object.entries(before).filter(
          ([name, value]) => name in row && name !== 'id' && typeof value === typeof (row as Record<string, unknown>)[name],
        ),
      )
