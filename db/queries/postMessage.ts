import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, toTime } from '../rows.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'
import { stateAllows } from './stateAllows.ts'

/** A message to post. `id` is the caller's (UUIDv7), since `body` is sealed for that row; attachments keep their order. */
export type NewMessage = { id: string; channelId: string; authorId: string; body: Buffer; attachmentIds: readonly string[] }

export type PostOutcome =
  | { outcome: 'posted'; seq: number; createdAt: Date }
  /** No such channel, not a party, or the roster no longer connects them: all three look the same. */
  | { outcome: 'hidden' }
  /** An attachment is not the author's, not of this channel, posted already, or in a state that cannot be posted. */
  | { outcome: 'attachments-unusable' }

/** Two posts took the same attachment at the same moment; the later one is rolled back, and may be tried again. */
export class AttachmentTaken extends Error {
  override name = 'AttachmentTaken'
}

/**
 * Posts a message in one statement (law 1): the live roster is asked, the sequence counted, the message written and its attachments
 * bound in the same snapshot. All or nothing.
 * @throws AttachmentTaken so that the transaction rolls back.
 */
export const postMessage = async (tx: DistrictTransaction, message: NewMessage): Promise<PostOutcome> => {
  const posted = await findRow(tx.db, toStatement(tx, message))
  if (posted === null) return (await isOpenTo(tx, message)) ? { outcome: 'attachments-unusable' } : { outcome: 'hidden' }
  if (posted.attached !== message.attachmentIds.length) throw new AttachmentTaken('an attachment was posted by another request')
  return { outcome: 'posted', seq: posted.seq, createdAt: toTime(posted.createdAt) }
}

type Posted = { seq: number; createdAt: string; attached: number }

const toStatement = ({ districtId }: DistrictTransaction, message: NewMessage): RawBuilder<Posted> => {
  const attachmentIds = sql`${[...message.attachmentIds]}::uuid[]`
  const isUsable = sql`a.district_id = ${districtId} and a.id = any(${attachmentIds}) and a.channel_id = ${message.channelId}
    and a.uploader_id = ${message.authorId} and a.message_id is null and ${stateAllows('a', 'post')}`
  return sql<Posted>`
    with counted as (
      update channels c set last_seq = c.last_seq + 1, last_message_at = statement_timestamp()
      where c.district_id = ${districtId} and c.id = ${message.channelId}
        and ${isPartyOf('c', message.authorId)} and ${isLiveChannel(districtId, 'c')}
        and (select count(*) from attachments a where ${isUsable}) = cardinality(${attachmentIds})
      returning c.district_id, c.id, c.last_seq, c.last_message_at),
    posted as (
      insert into messages (district_id, channel_id, seq, id, author_id, body, created_at)
      select district_id, id, last_seq, ${message.id}::uuid, ${message.authorId}::uuid, ${message.body}::bytea, last_message_at from counted
      returning seq, id, created_at),
    bound as (
      update attachments a set message_id = posted.id, position = array_position(${attachmentIds}, a.id) - 1
      from posted
      where ${isUsable}
      returning a.id)
    select seq, created_at as "createdAt", (select count(*)::int from bound) as attached from posted`
}

const isOpenTo = async ({ db, districtId }: DistrictTransaction, { channelId, authorId }: NewMessage): Promise<boolean> => {
  const channel = await findRow(
    db,
    sql<{ id: string }>`
      select c.id from channels c where c.district_id = ${districtId} and c.id = ${channelId}
        and ${isPartyOf('c', authorId)} and ${isLiveChannel(districtId, 'c')}`,
  )
  return channel !== null
}
