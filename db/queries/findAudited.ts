import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { channelColumns, toChannel } from './channelRow.ts'
import type { ChannelRecord, ChannelRow } from './channelRow.ts'
import { isAuditOpen } from './isAuditOpen.ts'
import type { AuditRef } from './isAuditOpen.ts'

/** A channel of the district, as an auditor may see it; null when there is none, or nothing may be read under the audit now. */
export const findAuditedChannel = async (
  tx: DistrictTransaction,
  { channelId, ...audit }: AuditRef & { channelId: string },
): Promise<ChannelRecord | null> => {
  const row = await findRow(
    tx.db,
    sql<ChannelRow>`
      select ${channelColumns('c')} from channels c
      where c.district_id = ${tx.districtId} and c.id = ${channelId} and ${isAuditOpen(tx.districtId, audit)}`,
  )
  return row && toChannel(row)
}

/** A posted file of the district, likewise. */
export const findAuditedAttachment = async (
  tx: DistrictTransaction,
  { attachmentId, ...audit }: AuditRef & { attachmentId: string },
): Promise<AttachmentRecord | null> => {
  const row = await findRow(
    tx.db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')} from attachments a
      where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and (a.message_id is not null or a.announcement_id is not null) and ${isAuditOpen(tx.districtId, audit)}`,
  )
  return row && toAttachment(row)
}
