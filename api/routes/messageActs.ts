import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { hideMessage, unhideMessage } from '../../db/queries/hideMessage.ts'
import { withdrawMessage } from '../../db/queries/withdrawMessage.ts'
import type { MessageAction } from '../../domain/access.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { MessageState } from '../../domain/shownMessage.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { idParams } from '../schemas/idSchema.ts'
import { messageSchema, type MessageView } from '../schemas/messageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem } from '../schemas/problemSchema.ts'
import { loadMessage, requireMessage } from '../views/loadMessages.ts'

type Act = {
  action: MessageAction
  summary: string
  description: string
  change: (tx: DistrictTransaction, ref: { messageId: string; actorId: string }) => Promise<void>
  after: MessageState
}

const toRoute = <Path extends string>(path: Path, operationId: string, { summary, description }: Act) =>
  createRoute({
    method: 'post',
    path,
    operationId,
    summary,
    description,
    tags: ['messages'],
    request: { params: idParams },
    responses: {
      200: { description: 'The message as it now is', content: { 'application/json': { schema: messageSchema } } },
      ...forbiddenProblem,
      ...hiddenProblem,
      ...conflictProblem,
      ...commonProblems,
    },
  })

const hide: Act = {
  action: 'message.hide',
  summary: 'Hide a message of my channel',
  description: 'Gone at once for everybody but the teacher, with its files; kept for the district’s audit. Hiding twice is hiding once.',
  change: hideMessage,
  after: 'hidden',
}
const unhide: Act = {
  action: 'message.unhide',
  summary: 'Show a hidden message again',
  description: 'The other way round; showing twice is showing once.',
  change: unhideMessage,
  after: 'shown',
}
const withdraw: Act = {
  action: 'message.withdraw',
  summary: 'Take my message back',
  description:
    'Gone at once for everybody with its files, for good; kept for the district’s audit. The answer says how many others had read as far.',
  change: withdrawMessage,
  after: 'withdrawn',
}

/** What is done to a message after it was posted. Each is one statement that asks the live roster, and a row of the audit log. */
export const messageActRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) => {
  const act = async (c: Context<ApiEnv>, messageId: string, { action, change, after }: Act): Promise<MessageView> => {
    const actor = c.get('actor')
    const cipher = await deps.districtKeys.forDistrict(actor.districtId)
    await actAs(deps.app, actor, async (tx) => {
      await change(tx, { messageId, actorId: actor.userId })
      await requireMessage(tx, actor, messageId, action)
    })
    const message = await readDistrict(deps.app, actor.districtId, (tx) => loadMessage(tx, cipher, actor, messageId))
    if (message.state !== after) throw new Refusal('state-conflict', `This message is ${message.state}.`)
    return message
  }
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(toRoute('/messages/{id}/hide', 'hideMessage', hide), async (c) => c.json(await act(c, c.req.valid('param').id, hide), 200))
    .openapi(toRoute('/messages/{id}/unhide', 'unhideMessage', unhide), async (c) =>
      c.json(await act(c, c.req.valid('param').id, unhide), 200),
    )
    .openapi(toRoute('/messages/{id}/withdraw', 'withdrawMessage', withdraw), async (c) =>
      c.json(await act(c, c.req.valid('param').id, withdraw), 200),
    )
}
