import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { toAnnouncement } from './announcementRow.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRow } from './attachmentRow.ts'
import { isReportedWith, isReportOpenTo } from './isReportOpenTo.ts'
import type { ReportRef } from './isReportOpenTo.ts'
import { auditedAnnouncementColumns } from './searchAnnouncements.ts'
import type { AuditedAnnouncement, AuditedAnnouncementRow } from './searchAnnouncements.ts'

/**
 * The reported announcement with its files, a hidden or withdrawn one too, whether its author still teaches the section or not. Null of a message, and unless the
 * viewer may look at the report now.
 */
export const findReportedAnnouncement = async (tx: DistrictTransaction, ref: ReportRef): Promise<AuditedAnnouncement | null> => {
  const row = await findRow(
    tx.db,
    sql<AuditedAnnouncementRow>`
      select ${auditedAnnouncementColumns}
      from reports reported
      join announcements n on n.district_id = reported.district_id and n.id = reported.announcement_id
      where reported.district_id = ${tx.districtId} and reported.id = ${ref.reportId}
        and ${isReportOpenTo(tx.districtId, ref, sql<boolean>`r.announcement_id = n.id`)}`,
  )
  if (row === null) return null
  const attachments = await findRows(
    tx.db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')} from attachments a
      where a.district_id = ${tx.districtId} and a.announcement_id = ${row.id} and ${isReportOpenTo(tx.districtId, ref, isReportedWith)}
      order by a.position`,
  )
  return { ...toAnnouncement(row), attachments: attachments.map(toAttachment) }
}
