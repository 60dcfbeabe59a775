import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'

/** A message as it is stored. `body` is sealed: open it with the district's `ColumnCipher` (table `messages`, row `id`, column `body`). */
export type MessageRecord = { id: string; seq: number; authorId: string; body: Buffer; createdAt: Date; attachments: AttachmentRecord[] }

/** `before` reads older messages, newest first; `after` reads newer ones, oldest first; neither starts at the newest. */
export type MessagePage = { channelId: string; actorId: string; limit: number; before?: number | undefined; after?: number | undefined }

/**
 * A page of a channel, empty unless the live roster connects its people and the actor is one of them. Call it under `readDistrict`, so
 * that messages and attachments are of one snapshot.
 */
export const listMessages = async (tx: DistrictTransaction, page: MessagePage): Promise<MessageRecord[]> => {
  const rows = await findMessages(tx, page)
  const attachments = await findAttachmentsOf(
    tx,
    page,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    ...row,
    createdAt: toTime(row.createdAt),
    attachments: attachments.filter(({ messageId }) => messageId === row.id),
  }))
}

type MessageRow = { id: string; seq: number; authorId: string; body: Buffer; createdAt: string }

const findMessages = (
  { db, districtId }: DistrictTransaction,
  { channelId, actorId, limit, before, after }: MessagePage,
): Promise<MessageRow[]> =>
  findRows(
    db,
    sql<MessageRow>`
      select m.id, m.seq, m.author_id as "authorId", m.body, m.created_at as "createdAt"
      from messages m
      where m.district_id = ${districtId} and m.channel_id = ${channelId}
        and exists (
          select 1 from channels c
          where c.district_id = ${districtId} and c.id = ${channelId} and ${isPartyOf('c', actorId)} and ${isLiveChannel(districtId, 'c')})
        ${before === undefined ? sql`` : sql`and m.seq < ${before}`}
        ${after === undefined ? sql`` : sql`and m.seq > ${after}`}
      order by m.seq ${after === undefined ? sql`desc` : sql`asc`}
      limit ${limit}`,
  )

const findAttachmentsOf = async (
  { db, districtId }: DistrictTransaction,
  { channelId, actorId }: MessagePage,
  messageIds: string[],
): Promise<AttachmentRecord[]> => {
  if (messageIds.length === 0) return []
  const rows = await findRows(
    db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')}
      from attachments a
      where a.district_id = ${districtId} and a.message_id = any(${messageIds}::uuid[]) and a.channel_id = ${channelId}
        and exists (
          select 1 from channels c
          where c.district_id = ${districtId} and c.id = ${channelId} and ${isPartyOf('c', actorId)} and ${isLiveChannel(districtId, 'c')})
      order by a.message_id, a.position`,
  )
  return rows.map(toAttachment)
}
