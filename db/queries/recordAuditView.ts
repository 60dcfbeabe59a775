import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { AuditAct } from '../../domain/audit.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { isAuditOpen } from './isAuditOpen.ts'
import type { AuditRef } from './isAuditOpen.ts'
import { recordAudit } from './recordAudit.ts'

/** One look: `filters` holds ids, times, yes and no. */
export type AuditLook = AuditRef & {
  act: AuditAct
  channelId?: string
  attachmentId?: string
  announcementId?: string
  filters?: Readonly<Record<string, string | number | boolean>>
  itemCount: number
}

/**
 * Writes down what an auditor is about to be shown, for the district to see and in the sealed log (law 11). Commit it before anything is shown.
 * Answers false, and writes nothing, when nothing may be read under the audit at this moment.
 */
export const recordAuditView = async (tx: DistrictTransaction, look: AuditLook): Promise<boolean> => {
  const { auditId, auditorId, act, channelId = null, attachmentId = null, announcementId = null, filters = {}, itemCount } = look
  const recorded = await findRow(
    tx.db,
    sql<{ id: string }>`
      insert into audit_views (district_id, id, audit_id, act, channel_id, attachment_id, announcement_id, filters, item_count, at)
      select ${tx.districtId}::uuid, ${newId()}::uuid, ${auditId}::uuid, ${act}, ${channelId}::uuid, ${attachmentId}::uuid, ${announcementId}::uuid,
        ${JSON.stringify(filters)}::jsonb, ${itemCount}::int, statement_timestamp()
      where ${isAuditOpen(tx.districtId, look)}
      returning id`,
  )
  if (recorded === null) return false
  await recordAudit(tx, {
    actor: { kind: 'user', id: auditorId },
    action: `audit.${act}`,
    target: { kind: 'audit', id: auditId },
    details: { channelId, attachmentId, ...(announcementId === null ? {} : { announcementId }), itemCount, ...filters },
  })
  return true
}
