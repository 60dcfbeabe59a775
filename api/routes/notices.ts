import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { listNotices, markNoticeSeen } from '../../db/queries/listNotices.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { idParams } from '../schemas/idSchema.ts'
import { noticeSchema } from '../schemas/noticeSchema.ts'
import { pageQuery, toPageSchema } from '../schemas/pageSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/notices',
  operationId: 'listNotices',
  summary: 'What is new for me, newest first',
  description: 'One notice for each new thing. Of what is hidden, withdrawn or mine to see no more there is none.',
  tags: ['notices'],
  request: { query: pageQuery },
  responses: {
    200: { description: 'Notices', content: { 'application/json': { schema: toPageSchema(noticeSchema).openapi('NoticePage') } } },
    ...queryProblem,
    ...commonProblems,
  },
})

const seenRoute = createRoute({
  method: 'put',
  path: '/notices/{id}/seen',
  operationId: 'markNoticeSeen',
  summary: 'Set a notice of mine aside',
  description: 'Nobody is notified of it any more. Reading what it is about does the same.',
  tags: ['notices'],
  request: { params: idParams },
  responses: { 204: { description: 'It is set aside' }, ...hiddenProblem, ...commonProblems },
})

export const noticeRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const { districtId, userId } = c.get('actor')
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor)
      const found = await readDistrict(deps.app, districtId, (tx) => listNotices(tx, { userId, before, limit: limit + 1 }))
      const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.id }))
      return c.json(
        { items: items.map(({ createdAt, ...notice }) => ({ ...notice, createdAt: createdAt.toISOString() })), nextCursor },
        200,
      )
    })
    .openapi(seenRoute, async (c) => {
      const actor = c.get('actor')
      const { id: noticeId } = c.req.valid('param')
      const isThere = await actAs(deps.app, actor, (tx) => markNoticeSeen(tx, { userId: actor.userId, noticeId }))
      if (!isThere) throw hidden()
      return c.body(null, 204)
    })
