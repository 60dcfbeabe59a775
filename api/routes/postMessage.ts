import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { v7 as newId } from 'uuid'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import { addConcern } from '../../db/queries/addReport.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import { AttachmentTaken, MessageIdTaken, postMessage } from '../../db/queries/postMessage.ts'
import type { EarlierMessage } from '../../db/queries/postMessage.ts'
import { findConcern } from '../../domain/language/findConcern.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toReportStart } from '../../workflows/contract.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { refusePost, refuseUntilAccepted } from '../refusePost.ts'
import { hidden } from '../requireAllowed.ts'
import { idParams } from '../schemas/idSchema.ts'
import { messageSchema, postMessageBody, type PostMessage } from '../schemas/messageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { loadMessage } from '../views/loadMessages.ts'

const unusable = (): Refusal =>
  new Refusal('state-conflict', 'A file is not yours, not of this channel, posted already, or cannot be sent any more.', {
    field: '/attachmentIds',
  })

/** Whether it is the same message again: of one channel, author, text and files. */
const isSame = (cipher: ColumnCipher, channelId: string, body: PostMessage, earlier: EarlierMessage): boolean =>
  earlier.channelId === channelId &&
  cipher.openText({ table: 'messages', rowId: body.id, column: 'body' }, earlier.body) === body.text &&
  earlier.attachmentIds.join() === body.attachmentIds.join()

/**
 * Posts it, and in the same transaction asks for somebody to look when its words raise a concern: its author never learns of that. Answers the run that
 * tells of it.
 * @throws {Refusal} when it is not posted, now or before.
 */
const postOnce = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  channelId: string,
  body: PostMessage,
  taskQueue: string,
): Promise<OutboxStart | null> => {
  const sealed = cipher.sealText({ table: 'messages', rowId: body.id, column: 'body' }, body.text)
  const message = { id: body.id, channelId, authorId: actor.userId, body: sealed, attachmentIds: body.attachmentIds }
  const posted = await postMessage(tx, message).catch((error: unknown) => {
    throw error instanceof AttachmentTaken ? unusable() : error
  })
  if (posted.outcome === 'posted') {
    const kind = findConcern(body.text)
    return kind === null ? null : (await addConcern(tx, { messageId: body.id, kind, startFor: toReportStart(taskQueue) })).start
  }
  if (posted.outcome === 'hidden') throw hidden()
  if (posted.outcome === 'attachments-unusable') throw unusable()
  if (posted.outcome === 'terms-not-accepted') throw refuseUntilAccepted()
  if (posted.outcome === 'posting-ended') throw refusePost(posted.posting)
  if (posted.earlier !== null && isSame(cipher, channelId, body, posted.earlier)) return null
  throw new Refusal('message-id-reused', 'Another message has this id. Make a new id for a new message.', { field: '/id' })
}

/** A post is one statement that asks the live roster itself (law 1); it does not wait for any scan. Sending it again answers what was posted. */
export const postMessageRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/channels/{id}/messages',
      operationId: 'postMessage',
      summary: 'Post a message with up to 10 files',
      description: 'Repeat it with the same `id` as often as needed: it is posted once. There is no edit; a correction is a new message.',
      tags: ['messages'],
      request: { params: idParams, body: { required: true, content: { 'application/json': { schema: postMessageBody } } } },
      responses: {
        201: { description: 'The message', content: { 'application/json': { schema: messageSchema } } },
        ...forbiddenProblem,
        ...hiddenProblem,
        ...conflictProblem,
        ...inputProblems,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id: channelId } = c.req.valid('param')
      const json = c.req.valid('json')
      const body = { ...json, id: json.id ?? newId() }
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const post = () => actAs(deps.app, actor, (tx) => postOnce(tx, cipher, actor, channelId, body, deps.taskQueues.safety))
      const start = await post().catch((error: unknown) => {
        if (error instanceof MessageIdTaken) return post()
        throw error
      })
      // Not waited for: how long the answer takes says nothing of it. It never rejects.
      if (start !== null) void deps.startWorkflow(start, { districtId: actor.districtId })
      const message = await readDistrict(deps.app, actor.districtId, (tx) => loadMessage(tx, cipher, actor, body.id))
      return c.json(message, 201)
    },
  )
