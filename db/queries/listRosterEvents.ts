import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { rosterEventColumns, toRosterEvent, type RosterEventRecord, type RosterEventRow } from './rosterEventRow.ts'

/** Where a page begins: the last event of the page before. */
export type EventPosition = { receivedAt: string; id: string }

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Events of the district, newest first. */
export const listRosterEvents = async (
  { db, districtId }: DistrictTransaction,
  { before, limit }: { before: EventPosition | null; limit: number },
): Promise<{ event: RosterEventRecord; position: EventPosition }[]> => {
  const rows = await findRows(
    db,
    sql<RosterEventRow>`
      select ${rosterEventColumns} from roster_events
      where district_id = ${districtId} and (received_at, id) < (${before?.receivedAt ?? 'infinity'}::timestamptz, ${before?.id ?? lastId}::uuid)
      order by received_at desc, id desc limit ${limit}`,
  )
  return rows.map((row) => ({ event: toRosterEvent(row), position: { receivedAt: row.receivedAt, id: row.id } }))
}
