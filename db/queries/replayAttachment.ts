import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { orderAttempt } from '../orderAttempt.ts'
import { findRow } from '../rows.ts'
import type { OutboxStart, StartFor } from './enqueueWorkflow.ts'
import type { AuditOrigin } from './recordAudit.ts'
import { stateAllows } from './stateAllows.ts'

/**
 * Sets a scan back to its last safe state under the next attempt and asks for its run (law 5). What an earlier attempt placed stays
 * placed. Null when the row is not in that attempt any more, or its state is no longer to be replayed.
 */
export const replayAttachment = async (
  tx: DistrictTransaction,
  { attachmentId, attempt, startFor, ...by }: { attachmentId: string; attempt: number; startFor: StartFor } & AuditOrigin,
): Promise<OutboxStart | null> => {
  const row = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      update attachments a set state = 'scanning', attempt = a.attempt + 1, ended_at = null
      where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'replay')} and a.attempt = ${attempt}
      returning a.attempt`,
  )
  if (row === null) return null
  const start = startFor({ districtId: tx.districtId, attachmentId, attempt: row.attempt })
  return orderAttempt(tx, {
    ...by,
    start,
    attempt: row.attempt,
    action: 'attachment.replay',
    target: { kind: 'attachment', id: attachmentId },
  })
}
