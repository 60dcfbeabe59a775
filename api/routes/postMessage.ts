import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { v7 as newId } from 'uuid'
import { readDistrict } from '../../db/openDatabase.ts'
import { AttachmentTaken, postMessage } from '../../db/queries/postMessage.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { runOnce } from '../runOnce.ts'
import { idempotencyHeaders } from '../schemas/idempotencySchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { messageSchema, postMessageBody } from '../schemas/messageSchema.ts'
import { commonProblems, conflictProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { loadMessage } from '../views/loadMessages.ts'

const unusable = (): Refusal =>
  new Refusal('state-conflict', 'A file is not yours, not of this channel, posted already, or cannot be sent any more.', {
    field: '/attachmentIds',
  })

/** A post is one statement that asks the live roster itself (law 1); it does not wait for any scan. */
export const postMessageRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/channels/{id}/messages',
      operationId: 'postMessage',
      summary: 'Post a message with up to 10 files',
      tags: ['messages'],
      request: {
        params: idParams,
        headers: idempotencyHeaders,
        body: { required: true, content: { 'application/json': { schema: postMessageBody } } },
      },
      responses: {
        201: { description: 'The message', content: { 'application/json': { schema: messageSchema } } },
        ...hiddenProblem,
        ...conflictProblem,
        ...inputProblems,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id: channelId } = c.req.valid('param')
      const body = c.req.valid('json')
      const key = c.req.valid('header')['Idempotency-Key']
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const messageId = await runOnce(deps, c, { key, body, kind: 'message' }, async (tx) => {
        const id = newId()
        const sealed = cipher.sealText({ table: 'messages', rowId: id, column: 'body' }, body.text)
        const message = { id, channelId, authorId: actor.userId, body: sealed, attachmentIds: body.attachmentIds }
        const { outcome } = await postMessage(tx, message).catch((error: unknown) => {
          throw error instanceof AttachmentTaken ? unusable() : error
        })
        if (outcome === 'hidden') throw hidden()
        if (outcome === 'attachments-unusable') throw unusable()
        return id
      })
      const message = await readDistrict(deps.app, actor.districtId, (tx) => loadMessage(tx, cipher, actor, messageId))
      return c.json(message, 201)
    },
  )
