import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'

/** Which attempt of which sync a start is for; the caller turns it into an `OutboxStart`. */
export type SyncStartFor = (ref: { districtId: string; syncId: string; attempt: number }) => OutboxStart

/**
 * The feed is there, as somebody says or the sweeper saw: it is queued, and its run asked for, in one transaction. What it says is as new as its export, or,
 * where nobody said when that was, as the moment at which its upload was asked for. Answers the start, or null when the sync waits for no upload.
 */
export const completeRosterSync = async (
  tx: DistrictTransaction,
  { syncId, by, startFor }: { syncId: string; by: AuditActor; startFor: SyncStartFor },
): Promise<OutboxStart | null> => {
  const queued = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      update roster_syncs set state = 'queued', queued_at = statement_timestamp(), source_at = coalesce(source_at, created_at)
      where district_id = ${tx.districtId} and id = ${syncId} and state = 'awaiting-upload'
      returning attempt`,
  )
  if (queued === null) return null
  const { attempt } = queued
  const start = startFor({ districtId: tx.districtId, syncId, attempt })
  await enqueueWorkflow(tx, start)
  await recordAudit(tx, { actor: by, action: 'roster-sync.complete', target: { kind: 'roster-sync', id: syncId }, details: { attempt } })
  return start
}
