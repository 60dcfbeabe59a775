import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { computeScope } from '../../db/computeScope.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findScope } from '../../db/queries/findScopeFacts.ts'
import type { AuditRef } from '../../db/queries/isAuditOpen.ts'
import { recordAuditView, type AuditLook } from '../../db/queries/recordAuditView.ts'
import { searchAnnouncements, type FoundAnnouncement } from '../../db/queries/searchAnnouncements.ts'
import { actForDistrict, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { postgresTime } from '../postgresTime.ts'
import { hidden } from '../requireAllowed.ts'
import {
  announcementSearchQuery,
  auditedAnnouncementParams,
  auditedAnnouncementSchema,
  foundAnnouncementPageSchema,
  scopeCheckSchema,
} from '../schemas/auditedAnnouncementSchema.ts'
import { toPage } from '../toPage.ts'
import { auditParams } from '../schemas/auditSchema.ts'
import { idSchema } from '../schemas/idSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { toAuditedAnnouncement, toFoundAnnouncements } from '../views/toAuditedAnnouncements.ts'

const auditorsOnly = { scope: null, permissions: ['audit'] as const }
const position = z.object({ createdAt: postgresTime, id: idSchema })
const problems = { ...forbiddenProblem, ...hiddenProblem, ...commonProblems }

const searchRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/audits/{id}/announcements',
  operationId: 'searchAnnouncements',
  summary: 'Find announcements under my audit, newest first',
  description: 'Of all sections, past ones too. What is said in them is not searched.',
  tags: ['audits'],
  ...takesDistrictCaller(auditorsOnly),
  request: { params: auditParams, query: announcementSearchQuery },
  responses: {
    200: { description: 'A page of announcements', content: { 'application/json': { schema: foundAnnouncementPageSchema } } },
    ...problems,
    ...queryProblem,
  },
})

const readRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/audits/{id}/announcements/{announcementId}',
  operationId: 'auditAnnouncement',
  summary: 'Read an announcement under my audit',
  description: 'A hidden or withdrawn one too. Each time that it is read is a row that the district sees.',
  tags: ['audits'],
  ...takesDistrictCaller(auditorsOnly),
  request: { params: auditedAnnouncementParams },
  responses: {
    200: { description: 'The announcement', content: { 'application/json': { schema: auditedAnnouncementSchema } } },
    ...problems,
  },
})

const scopeRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/audits/{id}/announcements/{announcementId}/scope',
  operationId: 'checkScope',
  summary: 'Work out anew who received an announcement, and compare with its receipt',
  description:
    'By the version of the roster and the day by which it was posted. One recipient more or less, and the receipt is not the same.',
  tags: ['audits'],
  ...takesDistrictCaller(auditorsOnly),
  request: { params: auditedAnnouncementParams },
  responses: {
    200: { description: 'Both, and whether they agree', content: { 'application/json': { schema: scopeCheckSchema } } },
    ...problems,
  },
})

/** An audit that is not the auditor's own, or over, is like none. */
const requireRecorded = async (tx: DistrictTransaction, look: AuditLook): Promise<void> => {
  if (!(await recordAuditView(tx, look))) throw hidden()
}

const requireFound = async (tx: DistrictTransaction, audit: AuditRef, id: string): Promise<FoundAnnouncement> => {
  const [found] = await searchAnnouncements(tx, { ...audit, search: {}, id, limit: 1 })
  if (found === undefined) throw hidden()
  return found
}

const onlyGiven = (search: Readonly<Record<string, string | boolean | undefined>>): Record<string, string | boolean> =>
  Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined))

const checkScope = async (tx: DistrictTransaction, announcementId: string): Promise<z.infer<typeof scopeCheckSchema>> => {
  const scope = await findScope(tx, announcementId)
  if (scope === null) throw hidden()
  const { recipientIds, root } = await computeScope(tx, scope)
  const { rosterVersion, day, receipt } = scope
  return {
    rosterVersion,
    day,
    receipt: receipt && { count: receipt.count, root: receipt.root.toString('hex'), computedAt: receipt.computedAt.toISOString() },
    recipientIds,
    root: root.toString('hex'),
    isSame: receipt && receipt.count === recipientIds.length && receipt.root.equals(root),
  }
}

/** The district reads what was said to its sections. What is shown and that it was shown commit together, before it is sent (law 11). */
export const auditedAnnouncementRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(searchRoute, async (c) => {
      const { cursor, limit, ...search } = c.req.valid('query')
      const audit: AuditRef = { auditId: c.req.valid('param').id, auditorId: toCallerId(c.get('caller')) }
      const before = cursor === undefined ? undefined : parseCursor(position, 'cursor', cursor)
      const page = await actForDistrict(deps.app, c, async (tx) => {
        const found = await searchAnnouncements(tx, { ...audit, search, before, limit: limit + 1 })
        const { items, nextCursor } = toPage(found, limit, (last) => last.cursor)
        await requireRecorded(tx, { ...audit, act: 'search', filters: onlyGiven(search), itemCount: items.length })
        return { items: await toFoundAnnouncements(tx, items), nextCursor }
      })
      return c.json(page, 200)
    })
    .openapi(readRoute, async (c) => {
      const { districtId, id: auditId, announcementId } = c.req.valid('param')
      const audit: AuditRef = { auditId, auditorId: toCallerId(c.get('caller')) }
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const view = await actForDistrict(deps.app, c, async (tx) => {
        const found = await requireFound(tx, audit, announcementId)
        await requireRecorded(tx, { ...audit, act: 'read', announcementId, itemCount: 1 })
        return toAuditedAnnouncement(tx, cipher, found)
      })
      return c.json(view, 200)
    })
    .openapi(scopeRoute, async (c) => {
      const { id: auditId, announcementId } = c.req.valid('param')
      const audit: AuditRef = { auditId, auditorId: toCallerId(c.get('caller')) }
      const check = await actForDistrict(deps.app, c, async (tx) => {
        await requireFound(tx, audit, announcementId)
        const found = await checkScope(tx, announcementId)
        await requireRecorded(tx, { ...audit, act: 'read', announcementId, filters: { scope: true }, itemCount: found.recipientIds.length })
        return found
      })
      return c.json(check, 200)
    })
