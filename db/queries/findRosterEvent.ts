import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { rosterEventColumns, toRosterEvent, type RosterEventRecord, type RosterEventRow } from './rosterEventRow.ts'

/** The event of this id, if the district has sent one, and whether it was the same: `fingerprint` is a keyed hash of what was taken of it. */
export const findRosterEvent = async (
  { db, districtId }: DistrictTransaction,
  { id, fingerprint }: { id: string; fingerprint: Buffer },
): Promise<{ event: RosterEventRecord; isSame: boolean } | null> => {
  const row = await findRow(
    db,
    sql<RosterEventRow & { fingerprint: Buffer }>`
      select ${rosterEventColumns}, roster_events.fingerprint from roster_events where district_id = ${districtId} and id = ${id}`,
  )
  if (row === null) return null
  const { fingerprint: former, ...of } = row
  return { event: toRosterEvent(of), isSame: former.equals(fingerprint) }
}
