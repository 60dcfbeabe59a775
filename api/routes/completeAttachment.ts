import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { completeAttachment } from '../../db/queries/completeAttachment.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toStartFor } from '../../workflows/contract.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { ownAttachmentSchema } from '../schemas/attachmentSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem } from '../schemas/problemSchema.ts'
import { requireAttachment } from '../views/loadAttachment.ts'
import { toOwnAttachmentView } from '../views/toAttachmentView.ts'

/** "The bytes are there": row and outbox entry commit together, then the run is tried at once (law 5). Saying it twice is saying it once. */
export const completeAttachmentRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/attachments/{id}/complete',
      operationId: 'completeAttachment',
      summary: 'Say that the upload is done; the scan begins',
      tags: ['attachments'],
      request: { params: idParams },
      responses: {
        202: { description: 'Being checked, or already past it', content: { 'application/json': { schema: ownAttachmentSchema } } },
        ...forbiddenProblem,
        ...hiddenProblem,
        ...conflictProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { districtId, userId: actorId } = actor
      const { id: attachmentId } = c.req.valid('param')
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const startFor = toStartFor('scanAttachment', deps.taskQueues.attachments)
      const { start, attachment } = await actAs(deps.app, actor, async (tx) => ({
        start: await completeAttachment(tx, { attachmentId, actorId, startFor }),
        attachment: await requireAttachment(tx, actor, attachmentId, 'attachment.complete'),
      }))
      if (start !== null) await deps.startWorkflow(start, { districtId, attachmentId })
      else if (attachment.state === 'expired' || attachment.state === 'deleted') {
        throw new Refusal('state-conflict', 'The ticket of this file ended. Ask for a new one.')
      }
      return c.json(toOwnAttachmentView(cipher, attachment), 202)
    },
  )
