import { sql } from 'kysely'
import type { AuditAct, AuditPurpose } from '../../domain/audit.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'

/** An audit, and how often its auditor looked. */
export type AuditRecord = {
  id: string
  auditorId: string
  reason: string
  purpose: AuditPurpose
  openedAt: Date
  endsAt: Date
  viewCount: number
}

/** The district's audits, newest first, before the audit `before`; or the one with this id. */
export const listAudits = async (
  { db, districtId }: DistrictTransaction,
  { id = null, before = null, limit }: { id?: string | null; before?: string | null; limit: number },
): Promise<AuditRecord[]> => {
  const rows = await findRows(
    db,
    sql<Omit<AuditRecord, 'openedAt' | 'endsAt'> & { openedAt: string; endsAt: string }>`
      select audit.id, audit.auditor_id as "auditorId", audit.reason, audit.purpose, audit.opened_at as "openedAt", audit.ends_at as "endsAt",
        (select count(*)::int from audit_views view where view.district_id = audit.district_id and view.audit_id = audit.id) as "viewCount"
      from audits audit
      where audit.district_id = ${districtId} and (${id}::uuid is null or audit.id = ${id}::uuid) and (${before}::uuid is null or audit.id < ${before}::uuid)
      order by audit.id desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, openedAt: toTime(row.openedAt), endsAt: toTime(row.endsAt) }))
}

/** One look of an auditor. */
export type AuditViewRecord = {
  id: string
  act: AuditAct
  channelId: string | null
  attachmentId: string | null
  announcementId: string | null
  filters: Record<string, string | number | boolean>
  itemCount: number
  at: Date
}

/** What was looked at under an audit, newest first, before the look `before`. */
export const listAuditViews = async (
  { db, districtId }: DistrictTransaction,
  { auditId, before = null, limit }: { auditId: string; before?: string | null; limit: number },
): Promise<AuditViewRecord[]> => {
  const rows = await findRows(
    db,
    sql<Omit<AuditViewRecord, 'at'> & { at: string }>`
      select view.id, view.act, view.channel_id as "channelId", view.attachment_id as "attachmentId", view.announcement_id as "announcementId", view.filters, view.item_count as "itemCount", view.at
      from audit_views view
      where view.district_id = ${districtId} and view.audit_id = ${auditId} and (${before}::uuid is null or view.id < ${before}::uuid)
      order by view.id desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, at: toTime(row.at) }))
}
