import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'

/**
 * Writes down, once, how many recipients an announcement had and the root over their ids: with it, and in the sealed log, so that a row that is changed
 * afterwards is found. Answers false when the receipt was there already, or there is no such announcement.
 */
export const recordScopeReceipt = async (
  tx: DistrictTransaction,
  { announcementId, count, root }: { announcementId: string; count: number; root: Buffer },
): Promise<boolean> => {
  const recorded = await findRow(
    tx.db,
    sql<{ rosterVersion: string }>`
      update announcements n set scope_count = ${count}::int, scope_root = ${root}::bytea, scope_computed_at = statement_timestamp()
      where n.district_id = ${tx.districtId} and n.id = ${announcementId} and n.scope_computed_at is null
      returning n.roster_version as "rosterVersion"`,
  )
  if (recorded === null) return false
  await recordAudit(tx, {
    actor: { kind: 'system', name: 'scope-receipt' },
    action: 'announcement.receipt',
    target: { kind: 'announcement', id: announcementId },
    details: { recipients: count, root: root.toString('hex'), rosterVersion: Number(recorded.rosterVersion) },
  })
  return true
}
