import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import { readDistrict } from '../../db/openDatabase.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import type { EventStreams } from '../events/openEventStreams.ts'
import { streamStates } from '../events/streamStates.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import type { AttachmentView } from '../schemas/attachmentSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, hiddenProblem, streamsProblem } from '../schemas/problemSchema.ts'
import { loadAttachment } from '../views/loadAttachment.ts'
import { isEndState } from '../views/toAttachmentView.ts'

const isEnd = (view: AttachmentView): boolean => (view.viewer === 'uploader' ? isEndState(view.state) : view.state !== 'being-checked')

/** What the actor may see of it at this moment; null when that is nothing, or when the session ended. */
const look = (deps: Pick<ApiDeps, 'app'>, cipher: ColumnCipher, actor: Actor, attachmentId: string): Promise<AttachmentView | null> =>
  readDistrict(deps.app, actor.districtId, async (tx) => {
    if ((await findActor(tx, actor)) === null) return null
    try {
      return await loadAttachment(tx, cipher, actor, attachmentId)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not-found') return null
      throw error
    }
  })

/** Follows the state of an attachment, decided again at every look and whenever it changed. */
export const attachmentEventRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'pace' | 'closing'>, streams: EventStreams) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/attachments/{id}/events',
      operationId: 'followAttachment',
      summary: 'Server-sent events of an attachment’s state',
      description:
        'Events: `state` with the attachment at once and at every change; `end` after a state that does not change by itself; `gone` when your access ended. Comment lines are heartbeats.',
      tags: ['attachments'],
      request: { params: idParams },
      responses: {
        200: { description: 'An event stream', content: { 'text/event-stream': { schema: z.string() } } },
        ...hiddenProblem,
        ...streamsProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const first = await readDistrict(deps.app, actor.districtId, (tx) => loadAttachment(tx, cipher, actor, id))
      // Nobody would read the stream, and its place would never be given back.
      if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      const release = streams.open(actor.userId)
      const watch = (wake: () => void) => streams.hub().watch({ districtId: actor.districtId, subjectId: id, wake })
      return streamStates(c, deps, { first, isEnd, load: () => look(deps, cipher, actor, id), watch, release })
    },
  )
