import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { AttachmentState, RefusalReason, Verdict } from '../../domain/attachment.ts'
import { toTime, toTimeOrNull } from '../rows.ts'

/** An attachment as it is stored. `fileName` is sealed: open it with the district's `ColumnCipher` (table `attachments`, column `file_name`). */
export type AttachmentRecord = {
  id: string
  /** Where it was sent to: one of the two. */
  channelId: string | null
  sectionId: string | null
  uploaderId: string
  messageId: string | null
  announcementId: string | null
  position: number | null
  state: AttachmentState
  attempt: number
  fileName: Buffer
  contentType: string
  bytes: number
  incomingKey: string
  incomingVersionId: string | null
  sha256: Buffer | null
  sniffedType: string | null
  verdict: Verdict | null
  refusalReason: RefusalReason | null
  signature: string | null
  engine: string | null
  databaseVersion: string | null
  cleanKey: string | null
  cleanBytes: number | null
  cleanContentType: string | null
  quarantineKey: string | null
  createdAt: Date
  ticketExpiresAt: Date
  uploadCompletedAt: Date | null
  scannedAt: Date | null
  endedAt: Date | null
}

type Times = 'createdAt' | 'ticketExpiresAt' | 'uploadCompletedAt' | 'scannedAt' | 'endedAt'

/** What `attachmentColumns` selects, as the driver gives it. */
export type AttachmentRow = Omit<AttachmentRecord, Times> & {
  createdAt: string
  ticketExpiresAt: string
  uploadCompletedAt: string | null
  scannedAt: string | null
  endedAt: string | null
}

/** The columns of an `AttachmentRecord`; `alias` is the name that the query gives to `attachments`. */
export const attachmentColumns = (alias: string): RawBuilder<unknown> => {
  const a = sql.ref(alias)
  return sql`${a}.id, ${a}.channel_id as "channelId", ${a}.section_id as "sectionId", ${a}.uploader_id as "uploaderId", ${a}.message_id as "messageId", ${a}.announcement_id as "announcementId", ${a}.position,
    ${a}.state, ${a}.attempt, ${a}.file_name as "fileName", ${a}.content_type as "contentType", ${a}.bytes,
    ${a}.incoming_key as "incomingKey", ${a}.incoming_version_id as "incomingVersionId", ${a}.sha256, ${a}.sniffed_type as "sniffedType",
    ${a}.verdict, ${a}.refusal_reason as "refusalReason", ${a}.signature, ${a}.engine, ${a}.database_version as "databaseVersion",
    ${a}.clean_key as "cleanKey", ${a}.clean_bytes as "cleanBytes", ${a}.clean_content_type as "cleanContentType",
    ${a}.quarantine_key as "quarantineKey", ${a}.created_at as "createdAt", ${a}.ticket_expires_at as "ticketExpiresAt",
    ${a}.upload_completed_at as "uploadCompletedAt", ${a}.scanned_at as "scannedAt", ${a}.ended_at as "endedAt"`
}

export const toAttachment = (row: AttachmentRow): AttachmentRecord => ({
  ...row,
  createdAt: toTime(row.createdAt),
  ticketExpiresAt: toTime(row.ticketExpiresAt),
  uploadCompletedAt: toTimeOrNull(row.uploadCompletedAt),
  scannedAt: toTimeOrNull(row.scannedAt),
  endedAt: toTimeOrNull(row.endedAt),
})
