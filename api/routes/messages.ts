import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { toMessagePage, toMessageWindow } from '../messageWindow.ts'
import { idParams } from '../schemas/idSchema.ts'
import { messagePageQuery, messagePageSchema } from '../schemas/messageSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { loadMessages } from '../views/loadMessages.ts'

/** Messages of a channel, in both directions from any position. */
export const messageRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/channels/{id}/messages',
      operationId: 'listMessages',
      summary: 'Messages of a channel, oldest first within the page',
      tags: ['messages'],
      request: { params: idParams, query: messagePageQuery },
      responses: {
        200: { description: 'A page of messages', content: { 'application/json': { schema: messagePageSchema } } },
        ...hiddenProblem,
        ...queryProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const window = toMessageWindow(c.req.valid('query'))
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const items = await readDistrict(deps.app, actor.districtId, (tx) => loadMessages(tx, cipher, actor, id, window))
      return c.json(toMessagePage(items, window), 200)
    },
  )
