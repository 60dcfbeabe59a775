import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { hasAcceptedTerms } from './hasAcceptedTerms.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'
import { teachesSection } from './liveSection.ts'
import { takesPosts } from './takesPosts.ts'

/** Where a file is sent to: to a channel by a party of it, or to a section by a teacher of it. */
export type AttachmentPlace = { channelId: string } | { sectionId: string }

/** An upload to allow. `id` is the caller's (UUIDv7), since `fileName` is sealed for that row. */
export type NewAttachment = AttachmentPlace & {
  id: string
  uploaderId: string
  fileName: Buffer
  contentType: string
  /** The most that may be uploaded. The caller checks it against the district's limit (`findUploadLimits`). */
  bytes: number
  ticketSeconds: number
}

/**
 * Inserts the ticket if the live roster gives the uploader the place that it is for, and they have accepted the terms of use; null otherwise (law 1).
 * The object key names the district, so that one glance at a bucket tells whose an object is, and carries nothing of the content.
 */
export const createAttachment = async (tx: DistrictTransaction, attachment: NewAttachment): Promise<AttachmentRecord | null> => {
  const channelId = 'channelId' in attachment ? attachment.channelId : null
  const sectionId = 'sectionId' in attachment ? attachment.sectionId : null
  const row = await findRow(
    tx.db,
    sql<AttachmentRow>`
      insert into attachments (district_id, id, channel_id, section_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at)
      select d.id, ${attachment.id}::uuid, ${channelId}::uuid, ${sectionId}::uuid, ${attachment.uploaderId}::uuid, 'awaiting-upload',
        ${attachment.fileName}::bytea, ${attachment.contentType}, ${attachment.bytes}::int, ${`${tx.districtId}/${attachment.id}`},
        statement_timestamp() + make_interval(secs => ${attachment.ticketSeconds})
      from districts d
      where d.id = ${tx.districtId} and ${attachment.bytes}::int <= d.upload_bytes_max and ${mayUpload(tx.districtId, attachment)}
        and ${hasAcceptedTerms(tx.districtId, attachment.uploaderId)}
      returning ${attachmentColumns('attachments')}`,
  )
  return row && toAttachment(row)
}

const mayUpload = (districtId: string, attachment: NewAttachment): RawBuilder<boolean> => {
  const { uploaderId } = attachment
  if ('sectionId' in attachment) return teachesSection(districtId, uploaderId, sql`${attachment.sectionId}::uuid`, 'attachments')
  return sql`exists (
    select 1 from channels c where c.district_id = ${districtId} and c.id = ${attachment.channelId}
      and ${isPartyOf('c', uploaderId)} and ${takesPosts('c', uploaderId)} and ${isLiveChannel(districtId, 'c', 'attachments')})`
}
