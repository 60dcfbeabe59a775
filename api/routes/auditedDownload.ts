import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { AttachmentRecord } from '../../db/queries/attachmentRow.ts'
import { findAuditedAttachment } from '../../db/queries/findAudited.ts'
import { recordAuditView } from '../../db/queries/recordAuditView.ts'
import { mayStillDownload, recordDownload, type DownloadRef } from '../../db/queries/recordDownload.ts'
import { actForDistrict, readForDistrict, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import type { DownloadDecision } from '../download/openDownload.ts'
import { sendDownload } from '../download/sendDownload.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { auditedAttachmentParams } from '../schemas/auditSchema.ts'
import { downloadResponses } from '../schemas/downloadSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, rangeProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

/** The audit and the permission behind it, at the start and while it runs. */
const decideBy = (
  { app }: Pick<ApiDeps, 'app'>,
  c: Context<ApiEnv>,
  ref: DownloadRef & { auditId: string },
  { channelId, announcementId }: AttachmentRecord,
): DownloadDecision => {
  const { attachmentId, auditId, actorId: auditorId } = ref
  return {
    record: () =>
      actForDistrict(app, c, async (tx) => {
        const place = { ...(channelId === null ? {} : { channelId }), ...(announcementId === null ? {} : { announcementId }) }
        const look = { auditId, auditorId, act: 'download' as const, ...place, attachmentId, itemCount: 1 }
        return (await recordAuditView(tx, look)) ? recordDownload(tx, ref) : null
      }),
    isStillAllowed: () => readForDistrict(app, c, (tx) => mayStillDownload(tx, ref)),
  }
}

/** The download of an auditor: clean files that were posted, whatever became of their message. What was quarantined is never served. */
export const auditedDownloadRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'keys' | 'clean' | 'pace'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/districts/{districtId}/audits/{id}/attachments/{attachmentId}/content',
      operationId: 'auditAttachment',
      summary: 'The bytes of a clean file under my audit, whole or one range',
      tags: ['audits'],
      ...takesDistrictCaller({ scope: null, permissions: ['audit'] }),
      request: { params: auditedAttachmentParams },
      responses: { ...downloadResponses, ...forbiddenProblem, ...hiddenProblem, ...conflictProblem, ...rangeProblem, ...commonProblems },
    }),
    async (c) => {
      const { districtId, id: auditId, attachmentId } = c.req.valid('param')
      const auditorId = toCallerId(c.get('caller'))
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const attachment = await readForDistrict(deps.app, c, (tx) => findAuditedAttachment(tx, { auditId, auditorId, attachmentId }))
      if (attachment === null) throw hidden()
      const decision = decideBy(deps, c, { attachmentId, actorId: auditorId, auditId }, attachment)
      return sendDownload(deps, c, { districtId, attachment, cipher, decision })
    },
  )
