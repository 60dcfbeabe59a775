import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Snapshot } from '../../domain/eventCursor.ts'
import type { EventKind } from '../../domain/eventKinds.ts'

/** An event as it is stored. */
export type EventRecord = {
  districtId: string
  id: string
  xact: number
  kind: EventKind
  channelId: string | null
  sectionId: string | null
  userId: string | null
  subjectId: string | null
}

/** What `eventColumns` selects, as the driver gives it. */
export type EventRow = Omit<EventRecord, 'xact'> & { xact: string }

/** The columns of an `EventRecord`; `alias` is the name that the query gives to `events`. */
export const eventColumns = (alias: string): RawBuilder<unknown> => {
  const event = sql.ref(alias)
  return sql`${event}.district_id as "districtId", ${event}.id, ${event}.xact, ${event}.kind, ${event}.channel_id as "channelId",
    ${event}.section_id as "sectionId", ${event}.user_id as "userId", ${event}.subject_id as "subjectId"`
}

export const toEvent = ({ districtId, id, xact, kind, channelId, sectionId, userId, subjectId }: EventRow): EventRecord => ({
  districtId,
  id,
  xact: Number(xact),
  kind,
  channelId,
  sectionId,
  userId,
  subjectId,
})

/** What had not committed yet at that moment: whatever began later, and what still ran. */
export const isAfter = (alias: string, { xmin, xmax, running }: Snapshot): RawBuilder<boolean> => {
  const event = sql.ref(alias)
  return sql`(${event}.xact >= ${xmin}::bigint and (${event}.xact >= ${xmax}::bigint or ${event}.xact = any(${[...running]}::bigint[])))`
}
