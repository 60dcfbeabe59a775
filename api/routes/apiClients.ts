import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { createClientSecret } from '../../crypto/createClientSecret.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { ApiClientRecord } from '../../db/queries/apiClientRow.ts'
import { createApiClient } from '../../db/queries/createApiClient.ts'
import { endApiClient } from '../../db/queries/endApiClient.ts'
import { listApiClients } from '../../db/queries/listApiClients.ts'
import { rotateApiClient } from '../../db/queries/rotateApiClient.ts'
import { apiClientLimits } from '../../domain/apiClients.ts'
import { Refusal } from '../../domain/refusal.ts'
import { actForDistrict, readForDistrict, toAuditActor, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import {
  apiClientSchema,
  apiClientSecretSchema,
  createApiClientBody,
  rotateApiClientBody,
  type ApiClientView,
} from '../schemas/apiClientSchema.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { districtParams, ofDistrictParams } from '../schemas/idSchema.ts'
import { pageQuery, toPageSchema } from '../schemas/pageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import { toTimeText } from '../views/toTimeText.ts'

/** A machine that could make machines would outlive its own end. */
const peopleOnly = { scope: null }

const toView = ({ clientId, authorKind, author, ...client }: ApiClientRecord): ApiClientView => ({
  id: clientId,
  name: client.name,
  scopes: client.scopes,
  author: { kind: authorKind, id: author },
  createdAt: client.createdAt.toISOString(),
  rotatedAt: toTimeText(client.rotatedAt),
  previousUntil: toTimeText(client.previousUntil),
  endedAt: toTimeText(client.endedAt),
})

const loadOne = async (tx: DistrictTransaction, id: string): Promise<ApiClientView> => {
  const [client] = await listApiClients(tx, { id, limit: 1 })
  if (client === undefined) throw hidden()
  return toView(client)
}

const addRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/api-clients',
  operationId: 'createApiClient',
  summary: 'Let a machine of the district call the API',
  description:
    'Its secret is in this answer and nowhere else. A request that is repeated makes another machine: end the one whose answer was lost.',
  tags: ['machines'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, body: { required: true, content: { 'application/json': { schema: createApiClientBody } } } },
  responses: {
    201: { description: 'The machine and its secret', content: { 'application/json': { schema: apiClientSecretSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/api-clients',
  operationId: 'listApiClients',
  summary: 'The machines of the district, newest first, those that were ended too',
  tags: ['machines'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: {
      description: 'A page of machines',
      content: { 'application/json': { schema: toPageSchema(apiClientSchema).openapi('ApiClientPage') } },
    },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const rotateRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/api-clients/{id}/rotate',
  operationId: 'rotateApiClient',
  summary: 'Give a machine another secret',
  description:
    'The secret of before holds for a day more, or for as long as you say. Tokens that were given out hold for their hour: end the machine when they must not.',
  tags: ['machines'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: ofDistrictParams, body: { required: true, content: { 'application/json': { schema: rotateApiClientBody } } } },
  responses: {
    200: { description: 'The machine and its new secret', content: { 'application/json': { schema: apiClientSecretSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const endRoute = createRoute({
  method: 'delete',
  path: '/districts/{districtId}/api-clients/{id}',
  operationId: 'endApiClient',
  summary: 'End a machine and every token it has, at once',
  tags: ['machines'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: ofDistrictParams },
  responses: { 204: { description: 'Ended' }, ...forbiddenProblem, ...hiddenProblem, ...commonProblems },
})

/** Machines of a district, as its administrators make, see, rotate and end them. */
export const apiClientRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(addRoute, async (c) => {
      const caller = c.get('caller')
      const { name, scopes } = c.req.valid('json')
      const { secret, secretHash } = createClientSecret()
      const by = toAuditActor(caller)
      const client = await actForDistrict(deps.app, c, async (tx) => {
        const made = await createApiClient(tx, { name, scopes, secretHash, author: { kind: 'person', id: toCallerId(caller) }, by })
        if (made === null)
          throw new Refusal('state-conflict', `A district has at most ${apiClientLimits.clientsMax} machines. End one first.`)
        return loadOne(tx, made.clientId)
      })
      return c.json({ client, secret }, 201)
    })
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor)
      const found = await readForDistrict(deps.app, c, (tx) => listApiClients(tx, { before, limit: limit + 1 }))
      const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.clientId }))
      return c.json({ items: items.map(toView), nextCursor }, 200)
    })
    .openapi(rotateRoute, async (c) => {
      const { id: clientId } = c.req.valid('param')
      const { overlapSeconds } = c.req.valid('json')
      const { secret, secretHash } = createClientSecret()
      const by = toAuditActor(c.get('caller'))
      const client = await actForDistrict(deps.app, c, async (tx) => {
        const isRotated = await rotateApiClient(tx, { clientId, secretHash, overlapSeconds, by })
        const view = await loadOne(tx, clientId)
        if (!isRotated) throw new Refusal('state-conflict', 'This machine was ended. Make another one.')
        return view
      })
      return c.json({ client, secret }, 200)
    })
    .openapi(endRoute, async (c) => {
      const { id: clientId } = c.req.valid('param')
      const by = toAuditActor(c.get('caller'))
      await actForDistrict(deps.app, c, async (tx) => {
        // Ending twice is ending once.
        if (!(await endApiClient(tx, { clientId, by }))) await loadOne(tx, clientId)
      })
      return c.body(null, 204)
    })
