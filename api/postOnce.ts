import type { ColumnCipher } from '../db/districtKeys.ts'
import type { DistrictTransaction } from '../db/openDatabase.ts'
import { enqueueNotifying } from '../db/queries/addNotices.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import { AttachmentTaken, findPostRefusal, postMessage, type EarlierMessage, type PostRefusal } from '../db/queries/postMessage.ts'
import { requestTranslation } from '../db/queries/requestTranslation.ts'
import type { Reading } from '../domain/language/readLanguage.ts'
import { Refusal } from '../domain/refusal.ts'
import { countCharacters } from '../domain/translation/countCharacters.ts'
import { isSameLanguage, toTranslationLanguage } from '../domain/translation/languages.ts'
import { toNotifyingStart, toTranslatingStart, type TaskQueues } from '../workflows/contract.ts'
import type { Actor } from './apiEnv.ts'
import { postedBefore, postUnlessNudged, type Posted } from './postUnlessNudged.ts'
import { raiseConcern } from './raiseConcern.ts'
import { refusePost, refuseUntilAccepted } from './refusePost.ts'
import { hidden } from './requireAllowed.ts'
import type { PostMessage } from './schemas/messageSchema.ts'
import { requireChannel } from './views/loadChannel.ts'

/** A message, its author, and what its words say. */
export type Post = {
  actor: Actor
  channelId: string
  body: PostMessage
  reading: Reading
  /** In which it is written, as the translator names it. */
  language: string
  queues: Pick<TaskQueues, 'maintenance' | 'safety' | 'translations'>
}

/** What the database decided of a message that was posted now. */
export type PostedMessage = { seq: number; createdAt: Date }

const unusable = (): Refusal =>
  new Refusal('state-conflict', 'A file is not yours, not of this channel, posted already, or cannot be sent any more.', {
    field: '/attachmentIds',
  })

/** Whether it is the same message again: of one channel, author, text and files. */
const isSame = (cipher: ColumnCipher, { channelId, body }: Post, earlier: EarlierMessage): boolean =>
  earlier.channelId === channelId &&
  cipher.openText({ table: 'messages', rowId: body.id, column: 'body' }, earlier.body) === body.text &&
  earlier.attachmentIds.join() === body.attachmentIds.join()

/** @throws {Refusal} unless it was posted before. */
const settleRefusal = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  post: Post,
  refusal: PostRefusal,
): Promise<typeof postedBefore> => {
  if (refusal.outcome === 'hidden') {
    // Who reads along may know of the channel, and is told so.
    await requireChannel(tx, post.actor, post.channelId, 'message.post')
    throw hidden()
  }
  if (refusal.outcome === 'attachments-unusable') throw unusable()
  if (refusal.outcome === 'terms-not-accepted') throw refuseUntilAccepted()
  if (refusal.outcome === 'posting-ended') throw refusePost(refusal.posting)
  if (refusal.earlier !== null && isSame(cipher, post, refusal.earlier)) return postedBefore
  throw new Refusal('message-id-reused', 'Another message has this id. Make a new id for a new message.', { field: '/id' })
}

/**
 * Posts a message, and in the same transaction asks for somebody to look when its words raise a concern; or asks its author once more.
 * @throws {Refusal} when it is not posted, now or before.
 */
export const postOnce = (tx: DistrictTransaction, cipher: ColumnCipher, post: Post): Promise<Posted<PostedMessage>> => {
  const { actor, channelId, body, reading, language } = post
  const sealed = cipher.sealText({ table: 'messages', rowId: body.id, column: 'body' }, body.text)
  const message = { id: body.id, channelId, authorId: actor.userId, body: sealed, attachmentIds: body.attachmentIds, language }
  const subject = { placeId: channelId, authorId: actor.userId, text: body.text }
  return postUnlessNudged(
    tx,
    cipher,
    { subject, nudgeToken: body.nudgeToken, findings: reading.findings },
    {
      settleRefusal: async () => {
        const refusal = await findPostRefusal(tx, message)
        return refusal && settleRefusal(tx, cipher, post, refusal)
      },
      post: async (wasNudged) => {
        const posted = await postMessage(tx, { ...message, wasNudged }).catch((error: unknown) => {
          throw error instanceof AttachmentTaken ? unusable() : error
        })
        if (posted.outcome !== 'posted') return settleRefusal(tx, cipher, post, posted)
        await enqueueNotifying(tx, posted.opened, toNotifyingStart(post.queues.maintenance))
        const translating = await translateForRecipient(tx, post, posted.recipientLanguage)
        // Somebody who is in danger cannot wait for the relay; what else is asked for can, for a few seconds.
        return {
          start: (await raiseConcern(tx, { messageId: body.id }, post)) ?? translating,
          made: { seq: posted.seq, createdAt: posted.createdAt },
        }
      },
    },
  )
}

/** The one to whom it is written finds it in the language that they prefer, where that is another one, their school has translations and the month is not used up. */
const translateForRecipient = async (tx: DistrictTransaction, post: Post, recipientLanguage: string): Promise<OutboxStart | null> => {
  const language = toTranslationLanguage(recipientLanguage)
  if (language === null || isSameLanguage(language, post.language) || post.body.text.trim() === '') return null
  const startFor = toTranslatingStart(post.queues.translations)
  const unasked = { characters: countCharacters(post.body.text) }
  const requested = await requestTranslation(tx, { messageId: post.body.id, actorId: post.actor.userId, language, startFor, unasked })
  return requested?.start ?? null
}
