import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { findReportedAttachment } from '../../db/queries/listReportedMessages.ts'
import { lookAtReport } from '../../db/queries/lookAtReport.ts'
import { mayStillDownload, recordDownload, type Download } from '../../db/queries/recordDownload.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { actForDistrict, readForDistrict, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import type { DownloadDecision } from '../download/openDownload.ts'
import { sendDownload } from '../download/sendDownload.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { downloadResponses } from '../schemas/downloadSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, rangeProblem } from '../schemas/problemSchema.ts'
import { reportedAttachmentParams } from '../schemas/reportSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

type Ref = { reportId: string; attachmentId: string; actorId: string }

/** The report and the permission behind it, at the start and while it runs. */
const decideBy = ({ app }: Pick<ApiDeps, 'app'>, c: Context<ApiEnv>, ref: Ref): DownloadDecision => ({
  record: () => actForDistrict(app, c, (tx) => record(tx, ref)),
  isStillAllowed: () => readForDistrict(app, c, (tx) => mayStillDownload(tx, ref)),
})

const record = async (tx: DistrictTransaction, ref: Ref): Promise<Download | null> => {
  const download = await recordDownload(tx, ref)
  if (download !== null) await lookAtReport(tx, { reportId: ref.reportId, viewerId: ref.actorId }, 'downloaded')
  return download
}

/** The download of whoever looks at a report: clean files of the reported message or announcement, whatever became of it. What was quarantined is never served. */
export const reportedDownloadRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'keys' | 'clean' | 'pace'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/districts/{districtId}/reports/{id}/attachments/{attachmentId}/content',
      operationId: 'downloadReported',
      summary: 'The bytes of a clean file of the reported message or announcement, whole or one range',
      tags: ['reports'],
      ...takesDistrictCaller({ scope: null, permissions: ['safety'] }),
      request: { params: reportedAttachmentParams },
      responses: { ...downloadResponses, ...forbiddenProblem, ...hiddenProblem, ...conflictProblem, ...rangeProblem, ...commonProblems },
    }),
    async (c) => {
      const { districtId, id: reportId, attachmentId } = c.req.valid('param')
      const actorId = toCallerId(c.get('caller'))
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const attachment = await readForDistrict(deps.app, c, (tx) =>
        findReportedAttachment(tx, { reportId, viewerId: actorId, attachmentId }),
      )
      if (attachment === null) throw hidden()
      return sendDownload(deps, c, { districtId, attachment, cipher, decision: decideBy(deps, c, { reportId, attachmentId, actorId }) })
    },
  )
