import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { openReply } from '../../db/queries/openReply.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { InvalidInput, refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { replyBody } from '../schemas/announcementSchema.ts'
import { channelSchema } from '../schemas/channelSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { requireAnnouncement } from '../views/loadAnnouncements.ts'
import { loadChannel } from '../views/loadChannel.ts'

const nameChild = (): InvalidInput =>
  new InvalidInput([{ in: 'body', pointer: '/studentId', code: 'required', message: 'Name the child about whom you answer.' }])

/** Who receives it for a child only has to say for which. @throws {Refusal} when it is not for the actor, or not about that student. */
const openFor = async (tx: DistrictTransaction, actor: Actor, announcementId: string, studentId: string | undefined): Promise<string> => {
  const opened = await openReply(tx, { announcementId, actorId: actor.userId, studentId: studentId ?? actor.userId })
  if (opened !== null) return opened.channelId
  await requireAnnouncement(tx, actor, announcementId, 'announcement.reply')
  throw studentId === undefined ? nameChild() : hidden()
}

/** Answers an announcement one to one: the channel with its author, where messages are posted as in any other. */
export const replyToAnnouncementRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/announcements/{id}/reply',
      operationId: 'replyToAnnouncement',
      summary: 'Open, or go on with, my channel with the author of an announcement',
      description:
        'For who receives it. Nobody else in the section sees it. The answer is the channel: write there with `POST /channels/{id}/messages`, with files as in any channel.',
      tags: ['announcements'],
      request: { params: idParams, body: { required: true, content: { 'application/json': { schema: replyBody } } } },
      responses: {
        201: { description: 'The channel, new or as it was', content: { 'application/json': { schema: channelSchema } } },
        ...forbiddenProblem,
        ...hiddenProblem,
        ...inputProblems,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { studentId } = c.req.valid('json')
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const channelId = await actAs(deps.app, actor, (tx) => openFor(tx, actor, id, studentId))
      const channel = await readDistrict(deps.app, actor.districtId, (tx) => loadChannel(tx, cipher, actor, channelId, 'channel.read'))
      return c.json(channel, 201, { Location: `/v1/channels/${channel.id}` })
    },
  )
