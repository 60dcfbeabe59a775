import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart, StartFor } from './enqueueWorkflow.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { hasPlaceOf } from './isSeenAttachment.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'
import { stateAllows } from './stateAllows.ts'

/**
 * The uploader says that the bytes are there: the scan is asked for in the same transaction. Answers the start that was asked for, so
 * that the caller may try it right after the commit, or null when nothing changed: no such ticket, not the uploader's, no longer
 * connected by the roster, or completed before.
 */
export const completeAttachment = (
  tx: DistrictTransaction,
  { attachmentId, actorId, startFor }: { attachmentId: string; actorId: string; startFor: StartFor },
): Promise<OutboxStart | null> =>
  beginScan(tx, {
    attachmentId,
    startFor,
    actor: { kind: 'user', id: actorId },
    condition: sql`a.uploader_id = ${actorId} and ${hasPlaceOf(tx.districtId, 'a', actorId)}`,
  })

/** As `completeAttachment`, for an object that the sweeper or the store's notification saw: a client that vanished is not a lost file. */
export const completeVanishedUpload = (
  tx: DistrictTransaction,
  { attachmentId, startFor }: { attachmentId: string; startFor: StartFor },
): Promise<OutboxStart | null> =>
  beginScan(tx, { attachmentId, startFor, actor: { kind: 'system', name: 'sweeper' }, condition: sql`true` })

type ScanRequest = { attachmentId: string; startFor: StartFor; actor: AuditActor; condition: RawBuilder<unknown> }

const beginScan = async (
  tx: DistrictTransaction,
  { attachmentId, startFor, actor, condition }: ScanRequest,
): Promise<OutboxStart | null> => {
  const scanning = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      with changed as (
      update attachments a set state = 'scanning', upload_completed_at = statement_timestamp()
      where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'complete')} and ${condition}
      returning a.district_id, a.channel_id, a.section_id, a.id, a.attempt),
      event as (${attachmentEventsOf('changed')})
      select attempt from changed`,
  )
  if (scanning === null) return null
  const start = startFor({ districtId: tx.districtId, attachmentId, attempt: scanning.attempt })
  await enqueueWorkflow(tx, start)
  await recordAudit(tx, {
    actor,
    action: 'attachment.complete',
    target: { kind: 'attachment', id: attachmentId },
    details: { attempt: scanning.attempt },
  })
  return start
}
