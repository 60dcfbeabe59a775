import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { listRosterSyncs } from '../../db/queries/listRosterSyncs.ts'
import { readForDistrict } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { districtParams, ofDistrictParams } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { rosterSyncDetailSchema, rosterSyncPageSchema } from '../schemas/rosterSyncSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { loadRosterStanding } from '../views/loadRosterStanding.ts'
import { loadRosterSync, toRosterSyncView } from '../views/toRosterSyncView.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/roster-syncs',
  operationId: 'listRosterSyncs',
  summary: 'Syncs of the district, newest first, how old the roster is, and when it is fetched next',
  tags: ['roster'],
  ...takesDistrictCaller({ scope: 'roster.read' }),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: { description: 'A page of syncs', content: { 'application/json': { schema: rosterSyncPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const getRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/roster-syncs/{id}',
  operationId: 'getRosterSync',
  summary: 'One sync: its state, what it did to each kind of row, what was wrong and how to mend it',
  tags: ['roster'],
  ...takesDistrictCaller({ scope: 'roster.read' }),
  request: { params: ofDistrictParams },
  responses: {
    200: { description: 'The sync', content: { 'application/json': { schema: rosterSyncDetailSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...commonProblems,
  },
})

/** Syncs of a district, for whoever looks after its roster. */
export const rosterSyncRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor)
      const page = await readForDistrict(deps.app, c, async (tx) => {
        const found = await listRosterSyncs(tx, { before, limit: limit + 1 })
        const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.syncId }))
        return { items: items.map(toRosterSyncView), nextCursor, ...(await loadRosterStanding(tx, new Date())) }
      })
      return c.json(page, 200)
    })
    .openapi(getRoute, async (c) => {
      const { id: syncId } = c.req.valid('param')
      return c.json(await readForDistrict(deps.app, c, (tx) => loadRosterSync(tx, syncId, new Date())), 200)
    })
