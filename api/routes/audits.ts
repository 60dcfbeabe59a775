import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findPeople, getPerson } from '../../db/queries/findPeople.ts'
import { listAudits, listAuditViews, type AuditRecord } from '../../db/queries/listAudits.ts'
import { openAudit } from '../../db/queries/openAudit.ts'
import { actForDistrict, readForDistrict, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { auditLookPageSchema, auditPageSchema, auditParams, auditSchema, openAuditBody, type AuditView } from '../schemas/auditSchema.ts'
import { districtParams } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

/** Whoever audits is seen by those who administer, and by other auditors. */
const watchers = { scope: null, permissions: ['administer', 'audit'] as const }

const openRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/audits',
  operationId: 'openAudit',
  summary: 'Say why, and read conversations for some hours',
  description: 'For people with the permission to audit. Every look under it is written down and shown to the district.',
  tags: ['audits'],
  ...takesDistrictCaller({ scope: null, permissions: ['audit'] }),
  request: { params: districtParams, body: { required: true, content: { 'application/json': { schema: openAuditBody } } } },
  responses: {
    201: { description: 'The audit', content: { 'application/json': { schema: auditSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/audits',
  operationId: 'listAudits',
  summary: 'Who reads conversations of the district, and why, newest first',
  tags: ['audits'],
  ...takesDistrictCaller(watchers),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: { description: 'A page of audits', content: { 'application/json': { schema: auditPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const viewsRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/audits/{id}/views',
  operationId: 'listAuditViews',
  summary: 'Every look under an audit, newest first',
  tags: ['audits'],
  ...takesDistrictCaller(watchers),
  request: { params: auditParams, query: pageQuery },
  responses: {
    200: { description: 'A page of looks', content: { 'application/json': { schema: auditLookPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const toViews = async (tx: DistrictTransaction, audits: readonly AuditRecord[]): Promise<AuditView[]> => {
  const people = await findPeople(
    tx,
    audits.map(({ auditorId }) => auditorId),
  )
  return audits.map(({ auditorId, openedAt, endsAt, ...audit }) => ({
    ...audit,
    auditor: getPerson(people, auditorId),
    openedAt: openedAt.toISOString(),
    endsAt: endsAt.toISOString(),
  }))
}

const loadOne = async (tx: DistrictTransaction, id: string): Promise<AuditView> => {
  const [audit] = await toViews(tx, await listAudits(tx, { id, limit: 1 }))
  if (audit === undefined) throw hidden()
  return audit
}

/** Audits of a district: opened with a reason, and seen by the district with every look. */
export const auditRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(openRoute, async (c) => {
      const { reason, purpose } = c.req.valid('json')
      const auditorId = toCallerId(c.get('caller'))
      const audit = await actForDistrict(deps.app, c, async (tx) => loadOne(tx, await openAudit(tx, { auditorId, reason, purpose })))
      return c.json(audit, 201)
    })
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const found = await readForDistrict(deps.app, c, async (tx) =>
        toViews(tx, await listAudits(tx, { before: parseBefore(cursor), limit: limit + 1 })),
      )
      return c.json(
        toPage(found, limit, (last) => ({ before: last.id })),
        200,
      )
    })
    .openapi(viewsRoute, async (c) => {
      const { id: auditId } = c.req.valid('param')
      const { cursor, limit } = c.req.valid('query')
      const found = await readForDistrict(deps.app, c, async (tx) => {
        await loadOne(tx, auditId)
        return listAuditViews(tx, { auditId, before: parseBefore(cursor), limit: limit + 1 })
      })
      const looks = found.map((look) => ({ ...look, at: look.at.toISOString() }))
      return c.json(
        toPage(looks, limit, (last) => ({ before: last.id })),
        200,
      )
    })
