import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findAuditedChannel } from '../../db/queries/findAudited.ts'
import type { AuditRef } from '../../db/queries/isAuditOpen.ts'
import { listAuditedMessages } from '../../db/queries/listAuditedMessages.ts'
import { recordAuditView, type AuditLook } from '../../db/queries/recordAuditView.ts'
import { searchChannels } from '../../db/queries/searchChannels.ts'
import { actForDistrict, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { toMessagePage, toMessageWindow } from '../messageWindow.ts'
import { hidden } from '../requireAllowed.ts'
import {
  auditedChannelPageSchema,
  auditedChannelParams,
  auditedMessagePageSchema,
  auditParams,
  channelSearchQuery,
} from '../schemas/auditSchema.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { messagePageQuery } from '../schemas/messageSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { toAuditedChannelViews, toAuditedMessageViews } from '../views/toAuditedViews.ts'

const auditorsOnly = { scope: null, permissions: ['audit'] as const }

const searchRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/audits/{id}/channels',
  operationId: 'searchChannels',
  summary: 'Find conversations under my audit, newest first',
  description: 'Live ones and ended ones. What is written in them is not searched: docs/decisions/no-content-search.md says why.',
  tags: ['audits'],
  ...takesDistrictCaller(auditorsOnly),
  request: { params: auditParams, query: channelSearchQuery },
  responses: {
    200: { description: 'A page of conversations', content: { 'application/json': { schema: auditedChannelPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const readRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/audits/{id}/channels/{channelId}/messages',
  operationId: 'auditMessages',
  summary: 'Read a conversation under my audit, oldest first within the page',
  description: 'Hidden and withdrawn messages too, and all translations of them. Each page that is read is a row that the district sees.',
  tags: ['audits'],
  ...takesDistrictCaller(auditorsOnly),
  request: { params: auditedChannelParams, query: messagePageQuery },
  responses: {
    200: { description: 'A page of messages', content: { 'application/json': { schema: auditedMessagePageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

/** An audit that is not the auditor's own, or over, is like none. */
const requireRecorded = async (tx: DistrictTransaction, look: AuditLook): Promise<void> => {
  if (!(await recordAuditView(tx, look))) throw hidden()
}

const onlyGiven = (search: Readonly<Record<string, string | boolean | undefined>>): Record<string, string | boolean> =>
  Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined))

/** The district reads. What is shown and that it was shown commit together, before it is sent (law 11). */
export const auditedChannelRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(searchRoute, async (c) => {
      const { cursor, limit, ...search } = c.req.valid('query')
      const audit: AuditRef = { auditId: c.req.valid('param').id, auditorId: toCallerId(c.get('caller')) }
      const before = parseBefore(cursor)
      const page = await actForDistrict(deps.app, c, async (tx) => {
        const found = await searchChannels(tx, { ...audit, search, before, limit: limit + 1 })
        const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.id }))
        await requireRecorded(tx, { ...audit, act: 'search', filters: onlyGiven(search), itemCount: items.length })
        return { items: await toAuditedChannelViews(tx, items), nextCursor }
      })
      return c.json(page, 200)
    })
    .openapi(readRoute, async (c) => {
      const { districtId, id: auditId, channelId } = c.req.valid('param')
      const window = toMessageWindow(c.req.valid('query'))
      const audit: AuditRef = { auditId, auditorId: toCallerId(c.get('caller')) }
      const cipher = await deps.districtKeys.forDistrict(districtId)
      const items = await actForDistrict(deps.app, c, async (tx) => {
        if ((await findAuditedChannel(tx, { ...audit, channelId })) === null) throw hidden()
        const found = await listAuditedMessages(tx, { ...audit, channelId, ...window })
        const shown = found.toSorted((one, other) => one.seq - other.seq)
        const filters = { firstSeq: shown[0]?.seq ?? 0, lastSeq: shown.at(-1)?.seq ?? 0 }
        await requireRecorded(tx, { ...audit, act: 'read', channelId, filters, itemCount: shown.length })
        return toAuditedMessageViews(tx, cipher, channelId, shown)
      })
      return c.json(toMessagePage(items, window), 200)
    })
