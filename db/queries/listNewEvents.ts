import { sql } from 'kysely'
import { parseSnapshot, type EventCursor } from '../../domain/eventCursor.ts'
import type { Transaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { eventColumns, toEvent, type EventRecord, type EventRow } from './eventRow.ts'

/** Numbers and the moment as Postgres has them now. As the role `auth`. */
export const findEventCursor = async (tx: Transaction): Promise<EventCursor> => {
  const row = await findRow(tx.db, sql<{ snapshot: string; at: number }>`select ${now}`)
  return toCursor(row)
}

const now = sql`pg_current_snapshot()::text as snapshot, floor(extract(epoch from statement_timestamp()) * 1000)::float8 as at`

const toCursor = (row: { snapshot: string; at: number } | null): EventCursor => {
  const snapshot = parseSnapshot(row?.snapshot ?? '')
  if (row === null || snapshot === null) throw new Error('the database did not say what has committed')
  return { at: row.at, snapshot }
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
    sql<EventRow & { snapshot: string; at: number }>`
      select ${now}, ${eventColumns('e')}
      from (values (true)) always
      left join (
        select * from events since where since.xact >= ${xmax}::bigint
        union all
        select * from events late where late.xact = any(${[...running]}::bigint[])) e on true
      order by e.id`,
  )
  const events = rows.flatMap((row) => (row.id === null ? [] : [toEvent(row)]))
  return { cursor: toCursor(rows[0] ?? null), events }
}
