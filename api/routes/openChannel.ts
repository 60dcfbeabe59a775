import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { runOnce } from '../runOnce.ts'
import { channelSchema, openChannelBody } from '../schemas/channelSchema.ts'
import { idempotencyHeaders } from '../schemas/idempotencySchema.ts'
import { commonProblems, conflictProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { loadChannel } from '../views/loadChannel.ts'

type People = { studentId: string; guardianId?: string | undefined }

/** The one statement behind it asks the live roster whether the actor stands as the teacher, or as a service provider, of the student. */
const openFor = async (tx: DistrictTransaction, actor: Actor, { studentId, guardianId }: People): Promise<string> => {
  // A student is nobody's own guardian.
  if (guardianId === studentId) throw hidden()
  const opened = await openChannel(tx, { teacherId: actor.userId, participantId: guardianId ?? studentId, studentId })
  if (opened === null) throw hidden()
  return opened.channel.id
}

/** A teacher, or a service provider, opens this school year's channel; opening it again answers the same one. */
export const openChannelRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/channels',
      operationId: 'openChannel',
      summary: 'Open a channel with a rostered student or one of their guardians',
      tags: ['channels'],
      request: { headers: idempotencyHeaders, body: { required: true, content: { 'application/json': { schema: openChannelBody } } } },
      responses: {
        201: { description: 'The channel, new or as it was', content: { 'application/json': { schema: channelSchema } } },
        ...hiddenProblem,
        ...conflictProblem,
        ...inputProblems,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const body = c.req.valid('json')
      const key = c.req.valid('header')['Idempotency-Key']
      const channelId = await runOnce(deps, c, { key, body, kind: 'channel' }, (tx) => openFor(tx, actor, body))
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const channel = await readDistrict(deps.app, actor.districtId, (tx) => loadChannel(tx, cipher, actor, channelId, 'channel.open'))
      return c.json(channel, 201, { Location: `/v1/channels/${channel.id}` })
    },
  )
