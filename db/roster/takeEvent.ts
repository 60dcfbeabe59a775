import { sql } from 'kysely'
import { eventLimits, type EventAction, type EventType } from '../../domain/roster/rosterEvents.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import type { AuthorKind } from '../entities/RosterSync.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { addRosterEvent } from '../queries/addRosterEvent.ts'
import { findRosterEvent } from '../queries/findRosterEvent.ts'
import type { AuditActor } from '../queries/recordAudit.ts'
import type { RosterEventRecord } from '../queries/rosterEventRow.ts'
import { getRow, toTime } from '../rows.ts'
import { applyEvent, type EventDeps } from './applyEvent.ts'
import type { Unresolved } from './staging/rejectUnresolved.ts'
import { tryLockRoster } from './tryLockRoster.ts'

export type SentEvent = {
  /** Made by whoever sent it: sent again, it is answered as before. */
  id: string
  action: EventAction
  type: EventType
  sourcedId: string
  rows: readonly RosterRow[]
  /** As the sender says. What lies ahead of our clock counts as now. */
  occurredAt: Date
  /** Keyed hash of what was taken of it. */
  fingerprint: Buffer
  author: { kind: AuthorKind; id: string }
  by: AuditActor
}

/**
 * `busy`: somebody else is changing this district's roster; nothing was done, and nothing waited. `other-event`: the id was used for something else.
 * `unresolved`, `unpaired`: it refers to what the roster does not have, or to two who are no guardian and child; nothing was done, and the id may be used again.
 */
export type TakenEvent =
  | { outcome: 'busy' }
  | { outcome: 'other-event' }
  | { outcome: 'unresolved'; unresolved: Unresolved[] }
  | { outcome: 'unpaired' }
  | { outcome: 'answered'; event: RosterEventRecord }

const findAnswer = async (tx: DistrictTransaction, event: SentEvent): Promise<TakenEvent | null> => {
  const former = await findRosterEvent(tx, event)
  if (former === null) return null
  return former.isSame ? { outcome: 'answered', event: former.event } : { outcome: 'other-event' }
}

/** Applies an event once, and keeps it with what became of it, in the transaction around: when it commits, whom it parted are parted. */
export const takeEvent = async (tx: DistrictTransaction, deps: EventDeps, event: SentEvent): Promise<TakenEvent> => {
  const answered = await findAnswer(tx, event)
  if (answered !== null) return answered
  if (!(await tryLockRoster(tx))) return { outcome: 'busy' }
  // The same one may have been under way.
  const answeredMeanwhile = await findAnswer(tx, event)
  if (answeredMeanwhile !== null) return answeredMeanwhile
  const now = await prepare(tx)
  const occurredAt = event.occurredAt < now ? event.occurredAt : now
  const { id, type: file, rows, ...rest } = event
  const applied = await applyEvent(tx, deps, { id, file, rows, occurredAt })
  if (applied.outcome === 'unresolved' || applied.outcome === 'unpaired') return applied
  const { outcome, version: rosterVersion, endings: endingCount } = applied
  const { action, sourcedId, fingerprint, author, by } = rest
  const kept = { id, action, type: file, sourcedId, sourceAt: occurredAt, authorKind: author.kind, author: author.id }
  return { outcome: 'answered', event: await addRosterEvent(tx, { ...kept, outcome, rosterVersion, endingCount, fingerprint, by }) }
}

/** Room for what one change may end, for the rest of the transaction; the plans of small statements are not worth compiling, and
 * those of large ones are made for what the change ends. Answers the database's time. */
const prepare = async ({ db }: DistrictTransaction): Promise<Date> => {
  const { now } = await getRow(
    db,
    sql<{ now: string }>`
      select set_config('statement_timeout', ${String(eventLimits.statementMsMax)}, true), set_config('jit', 'off', true),
        set_config('plan_cache_mode', 'auto', true), clock_timestamp() as now`,
  )
  return toTime(now)
}
