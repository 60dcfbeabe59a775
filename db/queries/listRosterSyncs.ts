import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { rosterSyncColumns, toRosterSync } from './rosterSyncRow.ts'
import type { RosterSyncRecord, RosterSyncRow } from './rosterSyncRow.ts'

/** Syncs of the district, newest first, behind `before` when one is given. Ids are in the order of time. */
export const listRosterSyncs = async (
  { db, districtId }: DistrictTransaction,
  { before = null, limit }: { before?: string | null; limit: number },
): Promise<RosterSyncRecord[]> => {
  const rows = await findRows(
    db,
    sql<RosterSyncRow>`
      select ${rosterSyncColumns} from roster_syncs
      where district_id = ${districtId} and (${before}::uuid is null or id < ${before}::uuid)
      order by id desc limit ${limit}`,
  )
  return rows.map(toRosterSync)
}

/** One sync, or null. */
export const findRosterSync = async ({ db, districtId }: DistrictTransaction, syncId: string): Promise<RosterSyncRecord | null> => {
  const row = await findRow(
    db,
    sql<RosterSyncRow>`select ${rosterSyncColumns} from roster_syncs where district_id = ${districtId} and id = ${syncId}`,
  )
  return row && toRosterSync(row)
}

/** The newest sync that brought the roster up to date, or found it so; null before the first one. */
export const findLastSuccess = async ({ db, districtId }: DistrictTransaction): Promise<RosterSyncRecord | null> => {
  const row = await findRow(
    db,
    sql<RosterSyncRow>`
      select ${rosterSyncColumns} from roster_syncs
      where district_id = ${districtId} and state in ('applied', 'unchanged', 'partly-applied') and not is_dry_run
      order by id desc limit 1`,
  )
  return row && toRosterSync(row)
}
