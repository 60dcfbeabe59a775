import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { listRosterEvents } from '../../db/queries/listRosterEvents.ts'
import type { RosterEventRecord } from '../../db/queries/rosterEventRow.ts'
import { eventLimits } from '../../domain/roster/rosterEvents.ts'
import { readForDistrict } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { toPage } from '../toPage.ts'
import { districtParams, idSchema } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import { rosterEventBody, rosterEventPageSchema, rosterEventSchema, type RosterEventView } from '../schemas/rosterEventSchema.ts'
import { sendRosterEvent } from '../sendRosterEvent.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

const position = z.object({ receivedAt: z.string().max(40), id: idSchema })

const toView = ({ sourceAt, receivedAt, authorKind, author, ...event }: RosterEventRecord): RosterEventView => ({
  ...event,
  occurredAt: sourceAt.toISOString(),
  receivedAt: receivedAt.toISOString(),
  author: { kind: authorKind, id: author },
})

const sendRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/roster-events',
  operationId: 'sendRosterEvent',
  summary: 'Say what has happened to one row of the roster; it is applied before the answer',
  description:
    'Whom it parts can neither read nor write any more when the answer comes. It counts once, however often it is sent: after no answer, or ' +
    `503 (\`roster-busy\` after ${eventLimits.lockWaitMs / 1_000} seconds behind another change), send the same again. The brake does not hold it.`,
  tags: ['roster'],
  ...takesDistrictCaller({ scope: 'roster.write' }),
  request: { params: districtParams, body: { required: true, content: { 'application/json': { schema: rosterEventBody } } } },
  responses: {
    200: { description: 'What became of it', content: { 'application/json': { schema: rosterEventSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/roster-events',
  operationId: 'listRosterEvents',
  summary: 'Single changes that were sent, newest first, and what became of each',
  tags: ['roster'],
  ...takesDistrictCaller({ scope: 'roster.read' }),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: { description: 'A page of events', content: { 'application/json': { schema: rosterEventPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

/** Single changes of a district's roster. */
export const rosterEventRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(sendRoute, async (c) => c.json(toView(await sendRosterEvent(deps, c, c.req.valid('json'))), 200))
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const before = cursor === undefined ? null : parseCursor(position, 'cursor', cursor)
      const found = await readForDistrict(deps.app, c, (tx) => listRosterEvents(tx, { before, limit: limit + 1 }))
      const { items, nextCursor } = toPage(found, limit, (last) => last.position)
      return c.json({ items: items.map(({ event }) => toView(event)), nextCursor }, 200)
    })
