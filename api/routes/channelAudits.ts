import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { listChannelAudits } from '../../db/queries/listChannelAudits.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { parseBefore } from '../parseBefore.ts'
import { hidden } from '../requireAllowed.ts'
import { channelAuditPageSchema } from '../schemas/auditSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { toPage } from '../toPage.ts'
import { requireChannel } from '../views/loadChannel.ts'

/** What the teacher of a conversation is shown of its audits, where the district has switched that on. */
export const channelAuditRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/channels/{id}/audits',
      operationId: 'listChannelAudits',
      summary: 'When a conversation of mine was audited, and for what, newest first',
      description:
        'For its teacher, where the district has switched on "audits-shown-to-teachers". Audits that are over; not those that look into what somebody did.',
      tags: ['channels'],
      request: { params: idParams, query: pageQuery },
      responses: {
        200: { description: 'A page of audits', content: { 'application/json': { schema: channelAuditPageSchema } } },
        ...hiddenProblem,
        ...queryProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id: channelId } = c.req.valid('param')
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor)
      const found = await readDistrict(deps.app, actor.districtId, async (tx) => {
        await requireChannel(tx, actor, channelId, 'channel.audits')
        return listChannelAudits(tx, { channelId, teacherId: actor.userId, before, limit: limit + 1 })
      })
      if (found === null) throw hidden()
      const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.id }))
      return c.json({ items: items.map(({ purpose, readAt }) => ({ purpose, readAt: readAt.toISOString() })), nextCursor }, 200)
    },
  )
