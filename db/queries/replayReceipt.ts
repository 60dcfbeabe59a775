import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditOrigin } from './recordAudit.ts'

/** The caller turns the attempt at a receipt into a start: workflow ids are the contract's business. */
export type ReceiptStartFor = (ref: { districtId: string; announcementId: string; attempt: number }) => OutboxStart

type Replay = { announcementId: string; attempt: number; startFor: ReceiptStartFor }

/** Asks again for the run that writes a receipt, as the next attempt. Null when this attempt is not the row's any more, or the receipt is written. */
export const replayReceipt = async (
  tx: DistrictTransaction,
  { announcementId, attempt, startFor, ...origin }: Replay & AuditOrigin,
): Promise<OutboxStart | null> => {
  const replayed = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      update announcements set scope_attempt = scope_attempt + 1
      where district_id = ${tx.districtId} and id = ${announcementId} and scope_attempt = ${attempt} and scope_computed_at is null
      returning scope_attempt as attempt`,
  )
  if (replayed === null) return null
  const start = startFor({ districtId: tx.districtId, announcementId, attempt: replayed.attempt })
  await enqueueWorkflow(tx, start)
  await recordAudit(tx, {
    ...origin,
    action: 'announcement.receipt-replay',
    target: { kind: 'announcement', id: announcementId },
    details: { ...origin.details, attempt: replayed.attempt },
  })
  return start
}
