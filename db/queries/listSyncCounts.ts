import { sql } from 'kysely'
import type { RosterSubject } from '../../domain/roster/subjects.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** What one sync did to one kind of row; `active`: how many there were before. */
export type SyncCounts = {
  subject: RosterSubject
  lines: number
  taken: number
  rejected: number
  leftOut: number
  added: number
  changed: number
  removed: number
  suspended: number
  restored: number
  active: number
}

export const listSyncCounts = ({ db, districtId }: DistrictTransaction, syncId: string): Promise<SyncCounts[]> =>
  findRows(
    db,
    sql<SyncCounts>`
      select subject, lines, taken, rejected, left_out as "leftOut", added, changed, removed, suspended, restored, active
      from roster_sync_counts where district_id = ${districtId} and sync_id = ${syncId} order by subject`,
  )
