import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { messageLimits } from '../../domain/uploadLimits.ts'
import { toTime } from '../rows.ts'
import { isShownMessage } from './isShown.ts'

/** The newest message of a channel that its reader sees. `body` is sealed, as in `MessageRecord`. */
export type LastMessage = { id: string; seq: number; authorId: string; body: Buffer; attachmentCount: number; createdAt: Date }

/** What a channel is to one of its parties. */
export type Inbox = {
  /** Messages of others that the reader sees and has not read, at most `unreadCountedMax`. */
  unreadCount: number
  /** Up to where the reader has read, and the other one. */
  readSeq: number
  othersReadSeq: number
  lastMessage: LastMessage | null
}

type Nullable<Shape> = { [Key in keyof Shape]: Shape[Key] | null }

export type InboxRow = { unreadCount: number; readSeq: number; othersReadSeq: number } & Nullable<{
  messageId: string
  messageSeq: number
  messageAuthorId: string
  messageBody: Buffer
  messageAttachmentCount: number
  messageCreatedAt: string
}>

/** The columns of an `InboxRow`; `inboxJoins` gives what they come from. */
export const inboxColumns = sql`unread.count as "unreadCount", marks.own as "readSeq", marks.others as "othersReadSeq", last.id as "messageId",
  last.seq as "messageSeq", last.author_id as "messageAuthorId", last.body as "messageBody", last.attachments as "messageAttachmentCount",
  last.created_at as "messageCreatedAt"`

/** Joins to each row of `channels`, by its alias, what the channel is to one of its parties. */
export const inboxJoins = (districtId: string, channelAlias: string, userId: string): RawBuilder<unknown> => {
  const channel = sql.ref(channelAlias)
  const ofChannel = sql`m.district_id = ${districtId} and m.channel_id = ${channel}.id`
  return sql`
    cross join lateral (
      select coalesce(max(mark.seq) filter (where mark.user_id = ${userId}), 0) as own,
        coalesce(max(mark.seq) filter (where mark.user_id <> ${userId} and mark.user_id in (${channel}.teacher_id, ${channel}.participant_id)), 0) as others
      from read_marks mark where mark.district_id = ${districtId} and mark.channel_id = ${channel}.id) marks
    cross join lateral (
      select count(*)::int as count from (
        select from messages m where ${ofChannel} and m.seq > marks.own and m.author_id <> ${userId}
          and ${isShownMessage('m', channelAlias, userId)}
        limit ${messageLimits.unreadCountedMax}) counted) unread
    left join lateral (
      select m.id, m.seq, m.author_id, m.body, m.created_at,
        (select count(*)::int from attachments a where a.district_id = ${districtId} and a.message_id = m.id) as attachments
      from messages m where ${ofChannel} and ${isShownMessage('m', channelAlias, userId)}
      order by m.seq desc limit 1) last on true`
}

export const toInbox = (row: InboxRow): Inbox => ({
  unreadCount: row.unreadCount,
  readSeq: row.readSeq,
  othersReadSeq: row.othersReadSeq,
  lastMessage: toLastMessage(row),
})

const toLastMessage = (row: InboxRow): LastMessage | null => {
  const { messageId: id, messageSeq: seq, messageAuthorId: authorId, messageBody: body, messageAttachmentCount, messageCreatedAt } = row
  if (id === null || seq === null || authorId === null || body === null || messageCreatedAt === null) return null
  return { id, seq, authorId, body, attachmentCount: messageAttachmentCount ?? 0, createdAt: toTime(messageCreatedAt) }
}
