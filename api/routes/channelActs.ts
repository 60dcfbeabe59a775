import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { markRead } from '../../db/queries/markRead.ts'
import { setPosting } from '../../db/queries/setPosting.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { channelSchema, markReadBody, setPostingBody } from '../schemas/channelSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { loadChannel, requireChannel } from '../views/loadChannel.ts'

const put = <Body extends z.ZodType>(body: Body) => ({
  method: 'put' as const,
  tags: ['channels'],
  request: { params: idParams, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'The channel as it now is', content: { 'application/json': { schema: channelSchema } } },
    ...hiddenProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const readMarkRoute = createRoute({
  ...put(markReadBody),
  path: '/channels/{id}/read-mark',
  operationId: 'markRead',
  summary: 'Say up to where I have read',
  description: 'A mark only moves forward, and never beyond the newest message.',
})

const posting = put(setPostingBody)
const postingRoute = createRoute({
  ...posting,
  responses: { ...posting.responses, ...forbiddenProblem },
  path: '/channels/{id}/posting',
  operationId: 'setPosting',
  summary: 'Open, pause or close my channel',
  description: 'For the channel’s teacher. Paused, only the teacher writes; closed, nobody does; what was written can be read.',
})

/** What is set on a channel. The statement asks the live roster itself, and the answer is decided again behind it. */
export const channelActRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(readMarkRoute, async (c) => {
      const actor = c.get('actor')
      const { id: channelId } = c.req.valid('param')
      const { seq } = c.req.valid('json')
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const channel = await actAs(deps.app, actor, async (tx) => {
        const { as } = await requireChannel(tx, actor, channelId, 'message.mark-read')
        await markRead(tx, { channelId, actorId: actor.userId, as, seq })
        return loadChannel(tx, cipher, actor, channelId, 'message.mark-read')
      })
      return c.json(channel, 200)
    })
    .openapi(postingRoute, async (c) => {
      const actor = c.get('actor')
      const { id: channelId } = c.req.valid('param')
      const change = { channelId, actorId: actor.userId, posting: c.req.valid('json').posting }
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const channel = await actAs(deps.app, actor, async (tx) => {
        await setPosting(tx, change)
        return loadChannel(tx, cipher, actor, channelId, 'channel.set-posting')
      })
      return c.json(channel, 200)
    })
