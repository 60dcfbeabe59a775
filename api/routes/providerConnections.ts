import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { listProviderConnections, type ProviderConnectionRecord } from '../../db/queries/listProviderConnections.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { connectProvider } from '../../db/roster/connectProvider.ts'
import { disconnectProvider } from '../../db/roster/disconnectProvider.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ConnectionFault } from '../../domain/roster/providerConnection.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { actForDistrict, readForDistrict, toAuditActor, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { InvalidInput, refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { districtParams, ofDistrictParams } from '../schemas/idSchema.ts'
import { pageQuery, toPageSchema } from '../schemas/pageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import { createProviderConnectionBody, providerConnectionSchema, type ProviderConnectionView } from '../schemas/providerConnectionSchema.ts'
import { takeInTurn } from '../takeInTurn.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

/** Who may reach a child beside the roster is for a person to say. */
const peopleOnly = { scope: null }

const faults: Record<ConnectionFault, { pointer: string; message: string }> = {
  'own-connection': { pointer: '/providerId', message: 'Nobody connects themselves: another administrator can.' },
  'provider-not-staff': { pointer: '/providerId', message: 'Name an active person of the district’s staff.' },
  'not-a-student': { pointer: '/studentId', message: 'Name an active student of the district.' },
  'ended-already': { pointer: '/ends', message: 'Name a day after today.' },
  'too-long': { pointer: '/ends', message: 'Name an earlier day: a connection ends with the school year.' },
  'no-school-year': { pointer: '/ends', message: 'The district has no term that runs or is to come.' },
}

const toView = ({ endedAt, ...connection }: ProviderConnectionRecord): ProviderConnectionView => ({
  ...connection,
  endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
})

const loadOne = async (tx: DistrictTransaction, id: string): Promise<ProviderConnectionView> => {
  const [connection] = await listProviderConnections(tx, { id, limit: 1 })
  if (connection === undefined) throw hidden()
  return toView(connection)
}

const addRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/provider-connections',
  operationId: 'connectProvider',
  summary: 'Connect a service provider with a student until a day',
  description:
    'From now on the provider may write with the student and with guardians whose custody is confirmed, as a teacher may, while a term of the district runs.',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, body: { required: true, content: { 'application/json': { schema: createProviderConnectionBody } } } },
  responses: {
    201: { description: 'Connected', content: { 'application/json': { schema: providerConnectionSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/provider-connections',
  operationId: 'listProviderConnections',
  summary: 'The district’s connections of service providers and students, newest first, those that have ended too',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: {
      description: 'A page of connections',
      content: { 'application/json': { schema: toPageSchema(providerConnectionSchema).openapi('ProviderConnectionPage') } },
    },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const endRoute = createRoute({
  method: 'delete',
  path: '/districts/{districtId}/provider-connections/{id}',
  operationId: 'disconnectProvider',
  summary: 'End a connection, and the access that it alone gives, at once',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: ofDistrictParams },
  responses: { 204: { description: 'Ended' }, ...forbiddenProblem, ...hiddenProblem, ...commonProblems },
})

/** Service providers of a district, as its administrators connect them. */
export const providerConnectionRoutes = (deps: Pick<ApiDeps, 'app' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(addRoute, async (c) => {
      const caller = c.get('caller')
      const asked = c.req.valid('json')
      const view = await takeInTurn(() =>
        actForDistrict(deps.app, c, async (tx) => {
          const made = await connectProvider(tx, { ...asked, authorId: toCallerId(caller) })
          if (made.outcome === 'busy') return 'busy'
          if (made.outcome === 'refused') throw new InvalidInput([{ in: 'body', code: made.fault, ...faults[made.fault] }])
          if (made.outcome === 'connected-already')
            throw new Refusal('state-conflict', 'The two are connected already. End that connection first.')
          const target = { kind: 'provider-connection', id: made.id }
          await recordAudit(tx, { actor: toAuditActor(caller), action: 'provider.connect', target, details: { ...asked } })
          return loadOne(tx, made.id)
        }),
      )
      return c.json(view, 201)
    })
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor)
      const found = await readForDistrict(deps.app, c, (tx) => listProviderConnections(tx, { before, limit: limit + 1 }))
      const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.id }))
      return c.json({ items: items.map(toView), nextCursor }, 200)
    })
    .openapi(endRoute, async (c) => {
      const { districtId, id } = c.req.valid('param')
      const caller = c.get('caller')
      const startFor = toSettlingStart(deps.taskQueues.roster)
      const ended = await takeInTurn(() =>
        actForDistrict(deps.app, c, async (tx) => {
          const done = await disconnectProvider(tx, { id, endedBy: toCallerId(caller) }, startFor)
          if (done === 'busy') return 'busy'
          // Ending twice is ending once.
          if (done === null) await loadOne(tx, id)
          else
            await recordAudit(tx, {
              actor: toAuditActor(caller),
              action: 'provider.disconnect',
              target: { kind: 'provider-connection', id },
            })
          return done
        }),
      )
      if (ended?.endings) await deps.startWorkflow(startFor({ districtId, version: ended.version }), { districtId })
      return c.body(null, 204)
    })
