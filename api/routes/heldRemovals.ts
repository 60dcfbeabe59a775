import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { decideRemovals } from '../../db/queries/decideRemovals.ts'
import { listHeldRemovals } from '../../db/queries/listHeldRemovals.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { Refusal } from '../../domain/refusal.ts'
import { decideRemovalId } from '../../workflows/contract.ts'
import { actForDistrict, toAuditActor, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { toPage } from '../toPage.ts'
import { idSchema, ofDistrictParams } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import { heldRemovalPageSchema, removalDecisionBody, rosterSyncSchema } from '../schemas/rosterSyncSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { requireRosterSync, toRosterSyncView } from '../views/toRosterSyncView.ts'

/** Whether a removal was meant is for a person to say. */
const peopleOnly = { scope: null }
const position = z.object({ after: idSchema })

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/roster-syncs/{id}/held-removals',
  operationId: 'listHeldRemovals',
  summary: 'What the brake holds of a sync: who, and in which sections',
  description: 'Access of these people has ended already. Approving ends it for good; discarding brings it back.',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: ofDistrictParams, query: pageQuery },
  responses: {
    200: { description: 'A page of rows that would be removed', content: { 'application/json': { schema: heldRemovalPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const decideRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/roster-syncs/{id}/removal-decision',
  operationId: 'decideRemovals',
  summary: 'Approve or discard what the brake holds',
  description: 'The first decision stands. It is carried out within moments: look at `removals` of the sync.',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: ofDistrictParams, body: { required: true, content: { 'application/json': { schema: removalDecisionBody } } } },
  responses: {
    202: { description: 'Decided, and being carried out', content: { 'application/json': { schema: rosterSyncSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

/** What the brake holds, and what the district decides about it. */
export const heldRemovalRoutes = (deps: Pick<ApiDeps, 'app' | 'hintRun'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const { id: syncId } = c.req.valid('param')
      const { cursor, limit } = c.req.valid('query')
      const after = cursor === undefined ? null : parseCursor(position, 'cursor', cursor).after
      const actor = toAuditActor(c.get('caller'))
      const found = await actForDistrict(deps.app, c, async (tx) => {
        await requireRosterSync(tx, syncId)
        // It shows people whom the roster does not connect with the one who looks (law 11).
        await recordAudit(tx, { actor, action: 'roster-removal.preview', target: { kind: 'roster-sync', id: syncId } })
        return listHeldRemovals(tx, { syncId, after, limit: limit + 1 })
      })
      const { items, nextCursor } = toPage(found, limit, (last) => ({ after: last.subjectId }))
      return c.json({ items: items.map(({ subjectId, ...held }) => ({ ...held, id: subjectId })), nextCursor }, 200)
    })
    .openapi(decideRoute, async (c) => {
      const { id: syncId } = c.req.valid('param')
      const { decision, reason } = c.req.valid('json')
      const userId = toCallerId(c.get('caller'))
      const { isDecided, sync } = await actForDistrict(deps.app, c, async (tx) => ({
        isDecided: await decideRemovals(tx, { syncId, userId, decision, reason }),
        sync: await requireRosterSync(tx, syncId),
      }))
      if (!isDecided) throw new Refusal('state-conflict', 'Nothing of this sync waits for a decision: none was held, or somebody decided.')
      await deps.hintRun(decideRemovalId(syncId, sync.attempt))
      return c.json(toRosterSyncView(sync), 202)
    })
