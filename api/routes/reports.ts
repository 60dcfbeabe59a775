import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { decideReport } from '../../db/queries/decideReport.ts'
import { listReports } from '../../db/queries/listReports.ts'
import { lookAtReport } from '../../db/queries/lookAtReport.ts'
import { Refusal } from '../../domain/refusal.ts'
import { reportSteps } from '../../domain/report.ts'
import { toReportStart } from '../../workflows/contract.ts'
import { actForDistrict, readForDistrict, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { districtParams, ofDistrictParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import { decideReportBody, reportDetailSchema, reportPageSchema, reportQuery, reportSchema } from '../schemas/reportSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { loadReportDetail, requireReport, toReportViews } from '../views/toReportViews.ts'

const namedOnly = { scope: null, permissions: ['safety'] as const }

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/reports',
  operationId: 'listReports',
  summary: 'Reports and concerns of the district, newest first',
  description: 'For people with the permission "safety". What is about their own messages they do not see.',
  tags: ['reports'],
  ...takesDistrictCaller(namedOnly),
  request: { params: districtParams, query: reportQuery },
  responses: {
    200: { description: 'A page of reports', content: { 'application/json': { schema: reportPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const readRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/reports/{id}',
  operationId: 'getReport',
  summary: 'A report with the message and a few around it, or the announcement',
  description: 'Hidden and withdrawn messages too. Each look is a row, which everybody sees who sees the report.',
  tags: ['reports'],
  ...takesDistrictCaller(namedOnly),
  request: { params: ofDistrictParams },
  responses: {
    200: { description: 'The report', content: { 'application/json': { schema: reportDetailSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...commonProblems,
  },
})

const decideRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/reports/{id}/decisions',
  operationId: 'decideReport',
  summary: 'Say what became of a report, or open it again',
  tags: ['reports'],
  ...takesDistrictCaller(namedOnly),
  request: { params: ofDistrictParams, body: { required: true, content: { 'application/json': { schema: decideReportBody } } } },
  responses: {
    200: { description: 'The report as it now is', content: { 'application/json': { schema: reportSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

/** What the people whom the district names see of reports, and do with them. */
export const reportRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const { cursor, limit, state } = c.req.valid('query')
      const viewerId = toCallerId(c.get('caller'))
      const before = parseBefore(cursor)
      const found = await readForDistrict(deps.app, c, async (tx) =>
        toReportViews(tx, await listReports(tx, { viewerId, state, before, limit: limit + 1 })),
      )
      return c.json(
        toPage(found, limit, (last) => ({ before: last.id })),
        200,
      )
    })
    .openapi(readRoute, async (c) => {
      const { districtId, id: reportId } = c.req.valid('param')
      const ref = { reportId, viewerId: toCallerId(c.get('caller')) }
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const report = await actForDistrict(deps.app, c, async (tx) => {
        await requireReport(tx, ref)
        await lookAtReport(tx, ref, 'looked')
        return loadReportDetail(tx, cipher, ref)
      })
      return c.json(report, 200)
    })
    .openapi(decideRoute, async (c) => {
      const { districtId, id: reportId } = c.req.valid('param')
      const { decision, note } = c.req.valid('json')
      const ref = { reportId, viewerId: toCallerId(c.get('caller')) }
      const startFor = toReportStart(deps.taskQueues.safety)
      const { decided, report } = await actForDistrict(deps.app, c, async (tx) => ({
        decided: await decideReport(tx, ref, { decision, note, startFor }),
        report: await requireReport(tx, ref),
      }))
      // Said twice is said once.
      if (decided.outcome === 'unchanged' && report.state !== reportSteps[decision].to) {
        throw new Refusal('state-conflict', `This report is ${report.state}.`)
      }
      if (decided.outcome === 'decided' && decided.start !== null) await deps.startWorkflow(decided.start, { districtId })
      return c.json(report, 200)
    })
