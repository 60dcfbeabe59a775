import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'

export type RemovalDecision = 'approve' | 'discard'

/**
 * Writes down what a district administrator decided about the removals that the brake holds; the run that waits for it carries it out. The first decision
 * stands: `false` when there was one before, or nothing is held.
 */
export const decideRemovals = async (
  tx: DistrictTransaction,
  { syncId, userId, decision, reason }: { syncId: string; userId: string; decision: RemovalDecision; reason: string },
): Promise<boolean> => {
  const decided = await findRow(
    tx.db,
    sql<{ id: string }>`
      update roster_syncs set removals = ${decision === 'approve' ? 'approving' : 'discarding'}, decided_at = statement_timestamp(),
        decided_by = ${userId}
      where district_id = ${tx.districtId} and id = ${syncId} and removals = 'waiting'
      returning id`,
  )
  if (decided === null) return false
  await recordAudit(tx, {
    actor: { kind: 'user', id: userId },
    action: 'roster-removal.decide',
    target: { kind: 'roster-sync', id: syncId },
    reason,
    details: { decision },
  })
  return true
}
