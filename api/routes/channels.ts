import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { listChannels } from '../../db/queries/listChannels.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { postgresTime } from '../postgresTime.ts'
import { toPage } from '../toPage.ts'
import { channelSchema } from '../schemas/channelSchema.ts'
import { idParams, idSchema } from '../schemas/idSchema.ts'
import { pageQuery, toPageSchema } from '../schemas/pageSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { loadChannel } from '../views/loadChannel.ts'
import { toChannelViews } from '../views/toChannelViews.ts'

const position = z.object({ activeAt: postgresTime, channelId: idSchema })

const listRoute = createRoute({
  method: 'get',
  path: '/channels',
  operationId: 'listChannels',
  summary: 'My channels, most recently active first',
  tags: ['channels'],
  request: { query: pageQuery },
  responses: {
    200: {
      description: 'Channels that the live roster connects',
      content: { 'application/json': { schema: toPageSchema(channelSchema).openapi('ChannelPage') } },
    },
    ...queryProblem,
    ...commonProblems,
  },
})

const getRoute = createRoute({
  method: 'get',
  path: '/channels/{id}',
  operationId: 'getChannel',
  summary: 'One channel',
  tags: ['channels'],
  request: { params: idParams },
  responses: {
    200: { description: 'The channel', content: { 'application/json': { schema: channelSchema } } },
    ...hiddenProblem,
    ...commonProblems,
  },
})

/** Channels of the one who asks, as the live roster connects them at this moment. */
export const channelRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const after = cursor === undefined ? undefined : parseCursor(position, 'cursor', cursor)
      const { districtId, userId } = c.get('actor')
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const page = await readDistrict(deps.app, districtId, async (tx) => {
        const found = await listChannels(tx, { actorId: userId, after, limit: limit + 1 })
        const { items, nextCursor } = toPage(found, limit, (last) => last.cursor)
        return { items: await toChannelViews(tx, { cipher, userId }, items), nextCursor }
      })
      return c.json(page, 200)
    })
    .openapi(getRoute, async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      return c.json(await readDistrict(deps.app, actor.districtId, (tx) => loadChannel(tx, cipher, actor, id, 'channel.read')), 200)
    })
