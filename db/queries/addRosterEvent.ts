import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'
import { rosterEventColumns, toRosterEvent, type RosterEventRecord, type RosterEventRow } from './rosterEventRow.ts'

export type NewRosterEvent = Omit<RosterEventRecord, 'receivedAt'> & { fingerprint: Buffer; by: AuditActor }

/** Keeps an event and what became of it, in the transaction that applied it. */
export const addRosterEvent = async (tx: DistrictTransaction, event: NewRosterEvent): Promise<RosterEventRecord> => {
  const { id, action, type, sourcedId, sourceAt, authorKind, author, outcome, rosterVersion, endingCount, fingerprint, by } = event
  const row = await getRow(
    tx.db,
    sql<RosterEventRow>`
      insert into roster_events (district_id, id, action, file, sourced_id, source_at, received_at, author_kind, author, outcome, roster_version, fingerprint,
        ending_count)
      values (${tx.districtId}, ${id}, ${action}, ${type}, ${sourcedId}, ${sourceAt.toISOString()}::timestamptz, clock_timestamp(), ${authorKind}, ${author},
        ${outcome}, ${rosterVersion}::bigint, ${fingerprint}, ${endingCount}::int)
      returning ${rosterEventColumns}`,
  )
  await recordAudit(tx, {
    actor: by,
    action: 'roster-event.apply',
    target: { kind: 'roster-event', id },
    details: { action, type, outcome },
  })
  return toRosterEvent(row)
}
