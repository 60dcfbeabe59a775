import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { mayStillDownload, recordDownload } from '../../db/queries/recordDownload.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import type { DownloadDecision } from '../download/openDownload.ts'
import { sendDownload } from '../download/sendDownload.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { downloadResponses } from '../schemas/downloadSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, hiddenProblem, rangeProblem } from '../schemas/problemSchema.ts'
import { requireAttachment } from '../views/loadAttachment.ts'

/** Roster and session, at the start and while it runs. */
const decideBy = ({ app }: Pick<ApiDeps, 'app'>, actor: Actor, attachmentId: string): DownloadDecision => {
  const ref = { attachmentId, actorId: actor.userId }
  return {
    record: () => actAs(app, actor, (tx) => recordDownload(tx, ref)),
    isStillAllowed: () =>
      readDistrict(app, actor.districtId, async (tx) => (await findActor(tx, actor)) !== null && (await mayStillDownload(tx, ref))),
  }
}

/** The download of a party of the channel. No signed address is ever given out. */
export const downloadAttachmentRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'keys' | 'clean' | 'pace'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/attachments/{id}/content',
      operationId: 'downloadAttachment',
      summary: 'The bytes of a clean file, whole or one range',
      tags: ['attachments'],
      request: { params: idParams },
      responses: { ...downloadResponses, ...hiddenProblem, ...conflictProblem, ...rangeProblem, ...commonProblems },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { districtId } = actor
      const { id } = c.req.valid('param')
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const attachment = await readDistrict(deps.app, districtId, (tx) => requireAttachment(tx, actor, id, 'attachment.download'))
      return sendDownload(deps, c, { districtId, attachment, cipher, decision: decideBy(deps, actor, id) })
    },
  )
