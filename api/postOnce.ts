import type { ColumnCipher } from '../db/districtKeys.ts'
import type { DistrictTransaction } from '../db/openDatabase.ts'
import { enqueueNotifying } from '../db/queries/addNotices.ts'
import { addConcern } from '../db/queries/addReport.ts'
import { countNudge } from '../db/queries/countNudge.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import { AttachmentTaken, findPostRefusal, postMessage, type EarlierMessage, type PostRefusal } from '../db/queries/postMessage.ts'
import type { Finding } from '../domain/language/checkLanguage.ts'
import type { Reading } from '../domain/language/readLanguage.ts'
import type { NudgeOutcome } from '../domain/nudge.ts'
import { Refusal } from '../domain/refusal.ts'
import { toNotifyingStart, toReportStart, type TaskQueues } from '../workflows/contract.ts'
import type { Actor } from './apiEnv.ts'
import { readNudge, signNudge } from './nudgeToken.ts'
import { refusePost, refuseUntilAccepted } from './refusePost.ts'
import { hidden } from './requireAllowed.ts'
import type { PostMessage } from './schemas/messageSchema.ts'
import { requireChannel } from './views/loadChannel.ts'

/** `outcome`: what is to be counted. `start`: the run that tells of a concern. */
export type Posted =
  | { kind: 'posted'; outcome: NudgeOutcome | null; start: OutboxStart | null }
  | { kind: 'nudged'; outcome: 'nudged'; token: string; expiresAt: Date; findings: readonly Finding[] }

/** A message, its author, and what its words say. */
export type Post = {
  actor: Actor
  channelId: string
  body: PostMessage
  reading: Reading
  queues: Pick<TaskQueues, 'maintenance' | 'safety'>
}

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
const settleRefusal = async (tx: DistrictTransaction, cipher: ColumnCipher, post: Post, refusal: PostRefusal): Promise<Posted> => {
  if (refusal.outcome === 'hidden') {
    // Who reads along may know of the channel, and is told so.
    await requireChannel(tx, post.actor, post.channelId, 'message.post')
    throw hidden()
  }
  if (refusal.outcome === 'attachments-unusable') throw unusable()
  if (refusal.outcome === 'terms-not-accepted') throw refuseUntilAccepted()
  if (refusal.outcome === 'posting-ended') throw refusePost(refusal.posting)
  if (refusal.earlier !== null && isSame(cipher, post, refusal.earlier)) return { kind: 'posted', outcome: null, start: null }
  throw new Refusal('message-id-reused', 'Another message has this id. Make a new id for a new message.', { field: '/id' })
}

/**
 * Posts a message, and in the same transaction asks for somebody to look when its words raise a concern. Or asks its author once more: then nothing is kept
 * but a count. Who may not post is refused either way, so that no question says anything of a channel.
 * @throws {Refusal} when it is not posted, now or before.
 */
export const postOnce = async (tx: DistrictTransaction, cipher: ColumnCipher, post: Post): Promise<Posted> => {
  const { actor, channelId, body, reading } = post
  const nowMs = Date.now()
  const subject = { channelId, authorId: actor.userId, text: body.text }
  const sealed = cipher.sealText({ table: 'messages', rowId: body.id, column: 'body' }, body.text)
  const answer = readNudge(cipher, body.nudgeToken, subject, nowMs)
  const wasNudged = reading.findings.length > 0
  const message = { id: body.id, channelId, authorId: actor.userId, body: sealed, attachmentIds: body.attachmentIds, wasNudged }
  if (wasNudged && answer !== 'same') {
    const refusal = await findPostRefusal(tx, message)
    if (refusal !== null) return settleRefusal(tx, cipher, post, refusal)
    await countNudge(tx, 'nudged')
    return { kind: 'nudged', outcome: 'nudged', ...signNudge(cipher, subject, nowMs), findings: reading.findings }
  }
  const posted = await postMessage(tx, message).catch((error: unknown) => {
    throw error instanceof AttachmentTaken ? unusable() : error
  })
  if (posted.outcome !== 'posted') return settleRefusal(tx, cipher, post, posted)
  await enqueueNotifying(tx, posted.opened, toNotifyingStart(post.queues.maintenance))
  const outcome = wasNudged ? 'posted-anyway' : answer === 'other' ? 'revised' : null
  if (outcome !== null) await countNudge(tx, outcome)
  return { kind: 'posted', outcome, start: await raiseConcern(tx, post) }
}

/** Its author never learns of it. */
const raiseConcern = async (tx: DistrictTransaction, { body, reading, queues }: Post): Promise<OutboxStart | null> => {
  if (reading.concern === null) return null
  return (await addConcern(tx, { messageId: body.id, kind: reading.concern, startFor: toReportStart(queues.safety) })).start
}
