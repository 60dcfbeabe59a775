import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { EventAction, EventOutcome, EventType } from '../../domain/roster/rosterEvents.ts'
import type { AuthorKind } from '../entities/RosterSync.ts'
import { toTime } from '../rows.ts'

/** A single change that somebody of the district sent, and what became of it. */
export type RosterEventRecord = {
  id: string
  action: EventAction
  type: EventType
  sourcedId: string
  sourceAt: Date
  receivedAt: Date
  authorKind: AuthorKind
  author: string
  outcome: EventOutcome
  rosterVersion: number | null
  endingCount: number
}

/** What `rosterEventColumns` selects, as the driver gives it. */
export type RosterEventRow = Omit<RosterEventRecord, 'sourceAt' | 'receivedAt' | 'rosterVersion'> & {
  sourceAt: string
  receivedAt: string
  rosterVersion: string | null
}

/** The columns of a `RosterEventRecord`, of the table `roster_events`. */
export const rosterEventColumns: RawBuilder<unknown> = sql`roster_events.id, roster_events.action, roster_events.file as type,
  roster_events.sourced_id as "sourcedId", roster_events.source_at as "sourceAt", roster_events.received_at as "receivedAt",
  roster_events.author_kind as "authorKind", roster_events.author, roster_events.outcome, roster_events.roster_version as "rosterVersion",
  roster_events.ending_count as "endingCount"`

export const toRosterEvent = ({ sourceAt, receivedAt, rosterVersion, ...row }: RosterEventRow): RosterEventRecord => ({
  ...row,
  sourceAt: toTime(sourceAt),
  receivedAt: toTime(receivedAt),
  rosterVersion: rosterVersion === null ? null : Number(rosterVersion),
})
