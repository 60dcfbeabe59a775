import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'
import { takesPosts } from './takesPosts.ts'

/** An upload to allow. `id` is the caller's (UUIDv7), since `fileName` is sealed for that row. */
export type NewAttachment = {
  id: string
  channelId: string
  uploaderId: string
  fileName: Buffer
  contentType: string
  /** The most that may be uploaded. The caller checks it against the district's limit (`findUploadLimits`). */
  bytes: number
  ticketSeconds: number
}

/**
 * Inserts the ticket if the live roster connects the channel's people and the uploader is one of them; null otherwise (law 1).
 * The object key names the district, so that one glance at a bucket tells whose an object is, and carries nothing of the content.
 */
export const createAttachment = async (tx: DistrictTransaction, attachment: NewAttachment): Promise<AttachmentRecord | null> => {
  const row = await findRow(
    tx.db,
    sql<AttachmentRow>`
      insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at)
      select c.district_id, ${attachment.id}::uuid, c.id, ${attachment.uploaderId}::uuid, 'awaiting-upload', ${attachment.fileName}::bytea,
        ${attachment.contentType}, ${attachment.bytes}::int, ${`${tx.districtId}/${attachment.id}`},
        statement_timestamp() + make_interval(secs => ${attachment.ticketSeconds})
      from channels c
      join districts d on d.id = c.district_id
      where c.district_id = ${tx.districtId} and c.id = ${attachment.channelId} and ${attachment.bytes}::int <= d.upload_bytes_max
        and ${isPartyOf('c', attachment.uploaderId)} and ${takesPosts('c', attachment.uploaderId)} and ${isLiveChannel(tx.districtId, 'c', 'attachments')}
      returning ${attachmentColumns('attachments')}`,
  )
  return row && toAttachment(row)
}
