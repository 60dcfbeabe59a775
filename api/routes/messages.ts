import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor, toCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { idParams } from '../schemas/idSchema.ts'
import { messagePageQuery, messagePageSchema } from '../schemas/messageSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { loadMessages } from '../views/loadMessages.ts'

const position = z.object({ seq: z.int().min(0).max(2_147_483_647) })

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
      const query = c.req.valid('query')
      const before = query.before === undefined ? undefined : parseCursor(position, 'before', query.before).seq
      const after = query.after === undefined ? undefined : parseCursor(position, 'after', query.after).seq
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const window = { before, after, limit: query.limit }
      const items = await readDistrict(deps.app, actor.districtId, (tx) => loadMessages(tx, cipher, actor, id, window))
      // Numbers count from 1 without gaps, so what lies before and after needs no further look.
      const firstSeq = items[0]?.seq ?? 0
      const lastSeq = items.at(-1)?.seq ?? after ?? 0
      return c.json({ items, before: firstSeq > 1 ? toCursor({ seq: firstSeq }) : null, after: toCursor({ seq: lastSeq }) }, 200)
    },
  )
