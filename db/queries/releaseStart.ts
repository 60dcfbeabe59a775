import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { outboxColumns, toOutboxEntry, type OutboxEntry, type OutboxRow } from './outboxRow.ts'
import { recordAudit, type AuditOrigin } from './recordAudit.ts'

/** Lets go of a start that a relay holds, so that the next pass takes it, and writes down who did. Null when it was started meanwhile. */
export const releaseStart = async (
  tx: DistrictTransaction,
  { outboxId, ...by }: { outboxId: string } & AuditOrigin,
): Promise<OutboxEntry | null> => {
  const row = await findRow(
    tx.db,
    sql<OutboxRow>`
      update outbox set claimed_until = null
      where district_id = ${tx.districtId} and id = ${outboxId} and started_at is null
      returning ${outboxColumns}`,
  )
  if (row === null) return null
  await recordAudit(tx, { ...by, action: 'outbox.retry', target: { kind: 'workflow', id: row.workflowId } })
  return toOutboxEntry(row)
}
