import { sql } from 'kysely'
import { reportContextMessages } from '../../domain/report.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isReportedWith, isReportOpenTo } from './isReportOpenTo.ts'
import type { ReportRef } from './isReportOpenTo.ts'
import { auditedMessageColumns } from './listAuditedMessages.ts'
import type { AuditedMessage } from './listAuditedMessages.ts'
import { toMessage } from './messageRow.ts'
import type { MessageRow } from './messageRow.ts'

/**
 * The reported message and the few around it, in order, hidden and withdrawn ones too, whether the roster still connects their people or not. Empty unless
 * the viewer may look at the report now, and of an announcement.
 */
export const listReportedMessages = async (tx: DistrictTransaction, ref: ReportRef): Promise<AuditedMessage[]> => {
  const rows = await findRows(
    tx.db,
    sql<MessageRow<AuditedMessage>>`
      select ${auditedMessageColumns}
      from (
        select about.channel_id, about.seq from reports reported
        join messages about on about.district_id = reported.district_id and about.id = reported.message_id
        where reported.district_id = ${tx.districtId} and reported.id = ${ref.reportId}) middle
      join messages m on m.district_id = ${tx.districtId} and m.channel_id = middle.channel_id
        and m.seq between middle.seq - ${reportContextMessages}::int and middle.seq + ${reportContextMessages}::int
      where ${isReportOpenTo(tx.districtId, ref, sql<boolean>`r.channel_id = m.channel_id`)}
      order by m.seq`,
  )
  const attachments = await findAttachmentsOf(
    tx,
    ref,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => toMessage(row, attachments))
}

const findAttachmentsOf = async (tx: DistrictTransaction, ref: ReportRef, messageIds: string[]) => {
  if (messageIds.length === 0) return []
  const rows = await findRows(
    tx.db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')} from attachments a
      where a.district_id = ${tx.districtId} and a.message_id = any(${messageIds}::uuid[])
        and ${isReportOpenTo(tx.districtId, ref, sql<boolean>`r.channel_id = a.channel_id`)}
      order by a.message_id, a.position`,
  )
  return rows.map(toAttachment)
}

/** A file of what was reported; null when there is none, or the viewer may not look at the report now. */
export const findReportedAttachment = async (
  tx: DistrictTransaction,
  { attachmentId, ...ref }: ReportRef & { attachmentId: string },
): Promise<AttachmentRecord | null> => {
  const row = await findRow(
    tx.db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')} from attachments a
      where a.district_id = ${tx.districtId} and a.id = ${attachmentId}
        and ${isReportOpenTo(tx.districtId, ref, isReportedWith)}`,
  )
  return row && toAttachment(row)
}
