import { sql } from 'kysely'
import { parseSnapshot, upToLast, type EventCursor } from '../../domain/eventCursor.ts'
import type { Transaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { eventColumns, toEvent, type EventRecord, type EventRow } from './eventRow.ts'

/** From now on: what has committed as Postgres has it now, up to the last of which there is an event. As the role `auth`. */
export const findEventCursor = async (tx: Transaction): Promise<EventCursor> => {
  const row = await findRow(tx.db, sql<Now & { last: string | null }>`select ${now}, (select max(e.xact) from events e) as last`)
  return toCursor(row, Number(row?.last ?? 0))
}

type Now = { snapshot: string; at: number }

const now = sql`pg_current_snapshot()::text as snapshot, floor(extract(epoch from statement_timestamp()) * 1000)::float8 as at`

const toCursor = (row: Now | null, last: number): EventCursor => {
  const snapshot = parseSnapshot(row?.snapshot ?? '')
  if (row === null || snapshot === null) throw new Error('the database did not say what has committed')
  return { at: row.at, snapshot: upToLast(snapshot, last) }
}

/**
 * What has committed since `cursor`, of every district, and up to where that is. Two ranges of one index: what began since, and what still ran then. So a
 * long transaction holds nobody up, and one that began early and commits late is not missed. As the role `auth`.
 */
export const listNewEvents = async (
  tx: Transaction,
  { snapshot: { xmax, running } }: EventCursor,
): Promise<{ cursor: EventCursor; events: EventRecord[] }> => {
  const rows = await findRows(
    tx.db,
    sql<EventRow & Now>`
      select ${now}, ${eventColumns('e')}
      from (values (true)) always
      left join (
        select * from events since where since.xact >= ${xmax}::bigint
        union all
        select * from events late where late.xact = any(${[...running]}::bigint[])) e on true
      order by e.id`,
  )
  const events = rows.flatMap((row) => (row.id === null ? [] : [toEvent(row)]))
  return { cursor: toCursor(rows[0] ?? null, Math.max(xmax - 1, ...events.map(({ xact }) => xact))), events }
}
