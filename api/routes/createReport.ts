import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { addReport, findOwnReport, type ReportSubject } from '../../db/queries/addReport.ts'
import { listReports } from '../../db/queries/listReports.ts'
import type { ReportCategory } from '../../domain/report.ts'
import { toReportStart } from '../../workflows/contract.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { createReportBody, ownReportSchema } from '../schemas/reportSchema.ts'
import { requireAttachment } from '../views/loadAttachment.ts'
import { requireAnnouncement } from '../views/loadAnnouncements.ts'
import { requireMessage } from '../views/loadMessages.ts'

const description =
  'Told to those whom the district names for it, and never to whoever wrote it. Whoever sees it may report it, but for its author. Reporting it again is the same report.'

const toRoute = <Path extends string>(path: Path, operationId: string, summary: string) =>
  createRoute({
    method: 'post',
    path,
    operationId,
    summary,
    description,
    tags: ['reports'],
    request: { params: idParams, body: { required: true, content: { 'application/json': { schema: createReportBody } } } },
    responses: {
      201: { description: 'It was taken', content: { 'application/json': { schema: ownReportSchema } } },
      ...forbiddenProblem,
      ...hiddenProblem,
      ...inputProblems,
      ...commonProblems,
    },
  })

/** @throws {Refusal} 404 for what the actor does not see, 403 for what is their own. */
const requireReportable = async (tx: DistrictTransaction, actor: Actor, subject: ReportSubject): Promise<void> => {
  if ('messageId' in subject) return requireMessage(tx, actor, subject.messageId, 'message.report')
  if ('announcementId' in subject) return requireAnnouncement(tx, actor, subject.announcementId, 'announcement.report')
  const { messageId, announcementId } = await requireAttachment(tx, actor, subject.attachmentId, 'attachment.report')
  if (messageId === null && announcementId === null) throw hidden()
}

const reportOnce = async (
  tx: DistrictTransaction,
  actor: Actor,
  taskQueue: string,
  { subject, category }: { subject: ReportSubject; category: ReportCategory },
) => {
  const reporterId = actor.userId
  const added = await addReport(tx, { subject, reporterId, category, startFor: toReportStart(taskQueue) })
  await requireReportable(tx, actor, subject)
  const id = added?.reportId ?? (await findOwnReport(tx, { subject, reporterId }))
  const [report] = id === null ? [] : await listReports(tx, { viewerId: reporterId, id, limit: 1 })
  if (report === undefined) throw hidden()
  return { report, start: added?.start ?? null }
}

/** Anyone reports what they see, where they see it. */
export const createReportRoutes = (deps: Pick<ApiDeps, 'app' | 'taskQueues' | 'startWorkflow'>) => {
  const report = async (c: Context<ApiEnv>, subject: ReportSubject, category: ReportCategory) => {
    const actor = c.get('actor')
    const { report: made, start } = await actAs(deps.app, actor, (tx) =>
      reportOnce(tx, actor, deps.taskQueues.safety, { subject, category }),
    )
    if (start !== null) await deps.startWorkflow(start, { districtId: actor.districtId })
    const { id, messageId, announcementId, attachmentId, createdAt } = made
    return { id, messageId, announcementId, attachmentId, category: made.category, createdAt: createdAt.toISOString() }
  }
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(toRoute('/messages/{id}/reports', 'reportMessage', 'Report a message'), async (c) =>
      c.json(await report(c, { messageId: c.req.valid('param').id }, c.req.valid('json').category), 201),
    )
    .openapi(toRoute('/announcements/{id}/reports', 'reportAnnouncement', 'Report an announcement'), async (c) =>
      c.json(await report(c, { announcementId: c.req.valid('param').id }, c.req.valid('json').category), 201),
    )
    .openapi(toRoute('/attachments/{id}/reports', 'reportAttachment', 'Report a file'), async (c) =>
      c.json(await report(c, { attachmentId: c.req.valid('param').id }, c.req.valid('json').category), 201),
    )
}
