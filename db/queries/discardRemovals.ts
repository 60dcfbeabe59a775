import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit, type AuditOrigin } from './recordAudit.ts'

/**
 * Has the removals discarded that the brake holds of a sync, when our staff rather than the district decides so; the run that waits for the decision carries
 * it out. The first decision stands: `false` when there was one before, or nothing is held.
 */
export const discardRemovals = async (
  tx: DistrictTransaction,
  { syncId, ...origin }: { syncId: string } & AuditOrigin,
): Promise<boolean> => {
  const decided = await findRow(
    tx.db,
    sql<{ id: string }>`
      update roster_syncs set removals = 'discarding', decided_at = statement_timestamp()
      where district_id = ${tx.districtId} and id = ${syncId} and removals = 'waiting'
      returning id`,
  )
  if (decided === null) return false
  await recordAudit(tx, { ...origin, action: 'roster-removal.discard', target: { kind: 'roster-sync', id: syncId } })
  return true
}
