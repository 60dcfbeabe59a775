import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { deleteAttachment } from '../../db/queries/deleteAttachment.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toStartFor } from '../../workflows/contract.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem } from '../schemas/problemSchema.ts'
import { requireAttachment } from '../views/loadAttachment.ts'

/** The uploader takes a file back: nobody opens it from this commit on; a run removes its objects. Deleting twice is deleting once. */
export const deleteAttachmentRoute = (deps: Pick<ApiDeps, 'app' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'delete',
      path: '/attachments/{id}',
      operationId: 'deleteAttachment',
      summary: 'Take a file back',
      tags: ['attachments'],
      request: { params: idParams },
      responses: { 204: { description: 'Deleted' }, ...forbiddenProblem, ...hiddenProblem, ...conflictProblem, ...commonProblems },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { districtId, userId: actorId } = actor
      const { id: attachmentId } = c.req.valid('param')
      const startFor = toStartFor('removeAttachment', deps.taskQueues.attachments)
      const { start, attachment } = await actAs(deps.app, actor, async (tx) => ({
        start: await deleteAttachment(tx, { attachmentId, actorId, startFor }),
        attachment: await requireAttachment(tx, actor, attachmentId, 'attachment.delete'),
      }))
      if (start !== null) await deps.startWorkflow(start, { districtId, attachmentId })
      else if (attachment.state !== 'deleted') throw new Refusal('state-conflict', 'This file was removed or never arrived.')
      return c.body(null, 204)
    },
  )
