import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import pg from 'pg'
import type { PostingState } from '../../domain/posting.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { fixedStatement } from '../fixedStatement.ts'
import { findRow, toTime } from '../rows.ts'
import { hasAcceptedTerms } from './hasAcceptedTerms.ts'
import { eventsOf } from './addEvent.ts'
import { noticesOf } from './addNotices.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'
import { preferredLanguage } from './preferredLanguage.ts'
import { stateAllows } from './stateAllows.ts'
import { takesPosts } from './takesPosts.ts'

/** A message to post. `id` is the client's, so that sending it again is sending it once; `body` is sealed for that row; attachments keep their order. */
export type NewMessage = {
  id: string
  channelId: string
  authorId: string
  body: Buffer
  attachmentIds: readonly string[]
  wasNudged?: boolean
  /** In which it is written, as the translator names it; without it, English. */
  language?: string
}

export type PostOutcome =
  /**
   * `opened`: whose next notifications begin with it, if anybody’s; their run is to be asked for (`enqueueNotifying`). `recipientLanguage`: the language tag in which the one to
   * whom it is written wants to be written to.
   */
  | { outcome: 'posted'; seq: number; createdAt: Date; opened: { userId: string; batch: number }[]; recipientLanguage: string }
  /** No such channel, not a party, or the roster no longer connects them: all three look the same. */
  | { outcome: 'hidden' }
  /** The district has a message of this id. `earlier` is null unless it is the author's own. */
  | { outcome: 'id-used'; earlier: EarlierMessage | null }
  /** The district has newer terms of use than the author has accepted. */
  | { outcome: 'terms-not-accepted' }
  /** The teacher paused the channel, or closed it. */
  | { outcome: 'posting-ended'; posting: Exclude<PostingState, 'open'> }
  /** An attachment is not the author's, not of this channel, posted already, or in a state that cannot be posted. */
  | { outcome: 'attachments-unusable' }

export type PostRefusal = Exclude<PostOutcome, { outcome: 'posted' }>

/** A message that its author posted before. `body` is sealed for its row. */
export type EarlierMessage = { channelId: string; body: Buffer; attachmentIds: string[] }

/** Two posts of one id at the same moment: the later one is rolled back, and finds the earlier one when it looks again. */
export class MessageIdTaken extends Error {
  override name = 'MessageIdTaken'
}

/** Two posts took the same attachment at the same moment; the later one is rolled back, and may be tried again. */
export class AttachmentTaken extends Error {
  override name = 'AttachmentTaken'
}

/**
 * Posts a message in one statement (law 1): the live roster is asked, the sequence counted, the message written and its attachments
 * bound in the same snapshot. All or nothing.
 * @throws AttachmentTaken, MessageIdTaken so that the transaction rolls back.
 */
export const postMessage = async (
  tx: DistrictTransaction,
  { wasNudged = false, language = 'en', ...message }: NewMessage,
): Promise<PostOutcome> => {
  const hasFiles = message.attachmentIds.length > 0
  const [posted] = await post(tx.db, { ...message, wasNudged, language, districtId: tx.districtId }, { hasFiles }).catch(
    (error: unknown) => {
      throw isIdTaken(error) ? new MessageIdTaken('another request posted this id') : error
    },
  )
  if (posted === undefined) return findRefusal(tx, message)
  if (posted.attached !== message.attachmentIds.length) throw new AttachmentTaken('an attachment was posted by another request')
  const { seq, createdAt, recipientLanguage, openedFor: userId, openedBatch: batch } = posted
  const opened = userId === null || batch === null ? [] : [{ userId, batch }]
  return { outcome: 'posted', seq, createdAt: toTime(createdAt), opened, recipientLanguage }
}

type Posted = {
  seq: number
  createdAt: string
  attached: number
  openedFor: string | null
  openedBatch: number | null
  recipientLanguage: string
}

type PostValues = Required<NewMessage> & { districtId: string }

/** What a post with files asks for, and does, beyond one without. */
type Files = { need: 'attachments' | undefined; areUsable: RawBuilder<boolean>; bind: RawBuilder<unknown>; attached: RawBuilder<number> }

const noFiles: Files = { need: undefined, areUsable: sql<boolean>`true`, bind: sql``, attached: sql<number>`0` }

const toFiles = ({ districtId, attachmentIds, channelId, authorId }: PostValues): Files => {
  const ids = sql`${attachmentIds}::uuid[]`
  const isUsable = sql`a.district_id = ${districtId} and a.id = any(${ids}) and a.channel_id = ${channelId}
    and a.uploader_id = ${authorId} and a.message_id is null and ${stateAllows('a', 'post')}`
  return {
    need: 'attachments',
    areUsable: sql<boolean>`(select count(*) from attachments a where ${isUsable}) = cardinality(${ids})`,
    bind: sql`,
    bound as (
      update attachments a set message_id = posted.id, position = array_position(${ids}, a.id) - 1
      from posted
      where ${isUsable}
      returning a.id)`,
    attached: sql<number>`(select count(*)::int from bound)`,
  }
}

const post = fixedStatement((values: PostValues, { hasFiles }: { hasFiles: boolean }) => {
  const { districtId, channelId, authorId, id, body, wasNudged, language } = values
  const files = hasFiles ? toFiles(values) : noFiles
  /** The one who did not write it. */
  const toOther = sql`
    select case when counted.teacher_id = ${authorId}::uuid then counted.participant_id else counted.teacher_id end as user_id,
      posted.channel_id, null::uuid as section_id, posted.id as subject_id
    from posted cross join counted`
  return sql<Posted>`
    with counted as (
      update channels c set last_seq = c.last_seq + 1, last_message_at = statement_timestamp()
      where c.district_id = ${districtId} and c.id = ${channelId}
        and ${isPartyOf('c', authorId)} and ${isLiveChannel(districtId, 'c', files.need)} and ${takesPosts('c', authorId)}
        and ${hasAcceptedTerms(districtId, authorId)}
        and not exists (select 1 from messages earlier where earlier.district_id = ${districtId} and earlier.id = ${id})
        and ${files.areUsable}
      returning c.district_id, c.id, c.last_seq, c.last_message_at, c.teacher_id, c.participant_id),
    posted as (
      insert into messages (district_id, channel_id, seq, id, author_id, body, created_at, was_nudged, language)
      select district_id, id, last_seq, ${id}::uuid, ${authorId}::uuid, ${body}::bytea, last_message_at, ${wasNudged}::boolean, ${language}::text from counted
      returning district_id, channel_id, seq, id, created_at),
    event as (${eventsOf('message.posted', { from: 'posted', channelId: sql`posted.channel_id`, subject: sql`posted.id` })}),
    ${noticesOf(districtId, 'message', toOther)}${files.bind}
    select seq, created_at as "createdAt", ${files.attached} as attached,
      (select ${preferredLanguage('u')} from noticed_people people join users u on u.district_id = ${districtId} and u.id = people.user_id) as "recipientLanguage",
      (select user_id from opened_batches) as "openedFor", (select batch from opened_batches) as "openedBatch"
    from posted`
})

const isIdTaken = (error: unknown): boolean => error instanceof pg.DatabaseError && error.constraint === 'messages_id_unique'

/** What would keep a message from being posted now, its files aside; null when nothing would. */
export const findPostRefusal = async (tx: DistrictTransaction, message: NewMessage): Promise<PostRefusal | null> => {
  const refusal = await findRefusal(tx, message)
  return refusal.outcome === 'attachments-unusable' ? null : refusal
}

/** Why nothing was posted: first what is not to be known, then what was done already, then what stands in the way. */
const findRefusal = async (tx: DistrictTransaction, message: NewMessage): Promise<PostRefusal> => {
  const channel = await findRow(
    tx.db,
    sql<{ posting: PostingState; isTaking: boolean; hasAccepted: boolean }>`
      select c.posting, ${takesPosts('c', message.authorId)} as "isTaking", ${hasAcceptedTerms(tx.districtId, message.authorId)} as "hasAccepted" from channels c
      where c.district_id = ${tx.districtId} and c.id = ${message.channelId}
        and ${isPartyOf('c', message.authorId)} and ${isLiveChannel(tx.districtId, 'c')}`,
  )
  if (channel === null) return { outcome: 'hidden' }
  const earlier = await findEarlier(tx, message)
  if (earlier !== null) return { outcome: 'id-used', earlier: earlier.isOwn ? earlier : null }
  if (!channel.hasAccepted) return { outcome: 'terms-not-accepted' }
  if (channel.isTaking || channel.posting === 'open') return { outcome: 'attachments-unusable' }
  return { outcome: 'posting-ended', posting: channel.posting }
}

const findEarlier = ({ db, districtId }: DistrictTransaction, { id, authorId }: NewMessage) =>
  findRow(
    db,
    sql<EarlierMessage & { isOwn: boolean }>`
      select m.channel_id as "channelId", m.body, m.author_id = ${authorId} as "isOwn",
        array(select a.id from attachments a where a.district_id = m.district_id and a.message_id = m.id order by a.position) as "attachmentIds"
      from messages m where m.district_id = ${districtId} and m.id = ${id}`,
  )
