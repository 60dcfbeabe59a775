import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { fixedStatement } from '../fixedStatement.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isShownAttachment, isShownMessage } from './isShown.ts'
import { toMessage } from './messageRow.ts'
import type { MessageHead, MessageRow } from './messageRow.ts'
import { mayRead, type ReadsAs } from './readsAlong.ts'

/**
 * A message as its reader may see it. `body` is sealed: open it with the district's `ColumnCipher` (table `messages`, row `id`, column `body`). It is
 * null of a message that was withdrawn, of which nobody but its author sees anything.
 */
export type MessageRecord = MessageHead & { body: Buffer | null }

/** `before` reads older messages, newest first; `after` reads newer ones, oldest first; neither starts at the newest. */
export type MessagePage = {
  channelId: string
  actorId: string
  as: ReadsAs
  limit: number
  before?: number | undefined
  after?: number | undefined
}

/**
 * A page of a channel, empty unless the live roster lets the actor read it, as one of its people or along with them. Call it under `readDistrict`, so
 * that messages and attachments are of one snapshot.
 */
export const listMessages = async (tx: DistrictTransaction, page: MessagePage): Promise<MessageRecord[]> => {
  const rows = await findMessages(tx, page)
  const attachments = await findAttachmentsOf(
    tx,
    page,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => toMessage(row, attachments))
}

type PageValues = Omit<MessagePage, 'as'> & { districtId: string }

const findMessages = ({ db, districtId }: DistrictTransaction, { as, ...page }: MessagePage): Promise<MessageRow<MessageRecord>[]> =>
  messagesOf(db, { ...page, districtId }, { as, isBefore: page.before !== undefined, isAfter: page.after !== undefined })

const messagesOf = fixedStatement(
  (
    { districtId, channelId, actorId, limit, before, after }: PageValues,
    { as, isBefore, isAfter }: { as: ReadsAs; isBefore: boolean; isAfter: boolean },
  ) => sql<MessageRow<MessageRecord>>`
    select m.id, m.seq, m.author_id as "authorId", m.language, case when m.withdrawn_at is null then m.body end as body, m.created_at as "createdAt",
      m.hidden_at as "hiddenAt", m.withdrawn_at as "withdrawnAt", m.withdrawn_after_readers as "withdrawnAfterReaders"
    from channels c
    join messages m on m.district_id = c.district_id and m.channel_id = c.id
    where c.district_id = ${districtId} and c.id = ${channelId} and ${mayRead(districtId, 'c', actorId, as)}
      and m.district_id = ${districtId} and m.channel_id = ${channelId}
      and (${isShownMessage('m', 'c', actorId)} or (m.withdrawn_at is not null and m.author_id = ${actorId}))
      ${isBefore ? sql`and m.seq < ${before}` : sql``}
      ${isAfter ? sql`and m.seq > ${after}` : sql``}
    order by m.seq ${isAfter ? sql`asc` : sql`desc`}
    limit ${limit}`,
)

const findAttachmentsOf = async (
  { db, districtId }: DistrictTransaction,
  { channelId, actorId, as }: MessagePage,
  messageIds: string[],
): Promise<AttachmentRecord[]> => {
  if (messageIds.length === 0) return []
  return (await attachmentsOf(db, { districtId, channelId, actorId, messageIds }, { as })).map(toAttachment)
}

const attachmentsOf = fixedStatement(
  (
    { districtId, channelId, actorId, messageIds }: Pick<PageValues, 'districtId' | 'channelId' | 'actorId'> & { messageIds: string[] },
    { as }: { as: ReadsAs },
  ) => sql<AttachmentRow>`
    select ${attachmentColumns('a')}
    from channels c
    join attachments a on a.district_id = c.district_id and a.channel_id = c.id
    where c.district_id = ${districtId} and c.id = ${channelId} and ${mayRead(districtId, 'c', actorId, as, 'attachments')}
      and a.district_id = ${districtId} and a.message_id = any(${messageIds}::uuid[]) and ${isShownAttachment('a', 'c', actorId)}
    order by a.message_id, a.position`,
)
