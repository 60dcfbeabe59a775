import { toTime, toTimeOrNull } from '../rows.ts'
import type { AttachmentRecord } from './attachmentRow.ts'

/** What every reader of a message is told of it, whoever they are. */
export type MessageHead = {
  id: string
  seq: number
  authorId: string
  /** In which it is written, as the translator names it. */
  language: string
  createdAt: Date
  hiddenAt: Date | null
  withdrawnAt: Date | null
  /** How many others had read as far when it was withdrawn. */
  withdrawnAfterReaders: number | null
  attachments: AttachmentRecord[]
}

type Times = 'createdAt' | 'hiddenAt' | 'withdrawnAt'

/** A message as the driver gives it, its attachments apart. */
export type MessageRow<Message extends MessageHead> = Omit<Message, Times | 'attachments'> & {
  createdAt: string
  hiddenAt: string | null
  withdrawnAt: string | null
}

/** A message with those of these attachments that are its own. */
export const toMessage = <Row extends MessageRow<MessageHead>>(row: Row, attachments: readonly AttachmentRecord[]) => ({
  ...row,
  createdAt: toTime(row.createdAt),
  hiddenAt: toTimeOrNull(row.hiddenAt),
  withdrawnAt: toTimeOrNull(row.withdrawnAt),
  attachments: attachments.filter(({ messageId }) => messageId === row.id),
})
