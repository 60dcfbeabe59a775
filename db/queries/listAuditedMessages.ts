import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isAuditOpen } from './isAuditOpen.ts'
import type { AuditRef } from './isAuditOpen.ts'
import { toMessage } from './messageRow.ts'
import type { MessageHead, MessageRow } from './messageRow.ts'

/** A message as the district reads it, whatever became of it. `body` is sealed as in `MessageRecord`. */
export type AuditedMessage = MessageHead & { body: Buffer; hiddenBy: string | null }

/** `before` reads older messages, newest first; `after` newer ones, oldest first; neither starts at the newest. */
export type AuditedPage = AuditRef & { channelId: string; limit: number; before?: number | undefined; after?: number | undefined }

/** Of a message `m`. */
export const auditedMessageColumns = sql`m.id, m.seq, m.author_id as "authorId", m.language, m.body, m.created_at as "createdAt", m.hidden_at as "hiddenAt",
  m.hidden_by as "hiddenBy", m.withdrawn_at as "withdrawnAt", m.withdrawn_after_readers as "withdrawnAfterReaders"`

/** A page of a channel, hidden and withdrawn messages too, whether the roster still connects its people or not. Empty unless the audit is open. */
export const listAuditedMessages = async (tx: DistrictTransaction, page: AuditedPage): Promise<AuditedMessage[]> => {
  const { channelId, before, after, limit } = page
  const rows = await findRows(
    tx.db,
    sql<MessageRow<AuditedMessage>>`
      select ${auditedMessageColumns} from messages m
      where m.district_id = ${tx.districtId} and m.channel_id = ${channelId} and ${isAuditOpen(tx.districtId, page)}
        ${before === undefined ? sql`` : sql`and m.seq < ${before}`}
        ${after === undefined ? sql`` : sql`and m.seq > ${after}`}
      order by m.seq ${after === undefined ? sql`desc` : sql`asc`}
      limit ${limit}`,
  )
  const attachments = await findAttachmentsOf(
    tx,
    page,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => toMessage(row, attachments))
}

const findAttachmentsOf = async (tx: DistrictTransaction, audit: AuditRef, messageIds: string[]): Promise<AttachmentRecord[]> => {
  if (messageIds.length === 0) return []
  const rows = await findRows(
    tx.db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')} from attachments a
      where a.district_id = ${tx.districtId} and a.message_id = any(${messageIds}::uuid[]) and ${isAuditOpen(tx.districtId, audit)}
      order by a.message_id, a.position`,
  )
  return rows.map(toAttachment)
}
