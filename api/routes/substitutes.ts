import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { listSubstitutes, type SubstituteRecord } from '../../db/queries/listProviderConnections.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { appointSubstitute } from '../../db/roster/appointSubstitute.ts'
import { disconnectProvider } from '../../db/roster/disconnectProvider.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { SubstituteFault } from '../../domain/roster/providerConnection.ts'
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
import { appointSubstituteBody, substituteSchema, type SubstituteView } from '../schemas/substituteSchema.ts'
import { takeInTurn } from '../takeInTurn.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

/** Who may reach children beside the roster is for a person to say. */
const peopleOnly = { scope: null }

const faults: Record<SubstituteFault, { pointer: string; message: string }> = {
  'own-connection': { pointer: '/userId', message: 'Nobody appoints themselves: another administrator can.' },
  'provider-not-staff': { pointer: '/userId', message: 'Name an active person of the district’s staff.' },
  'no-such-section': { pointer: '/sectionId', message: 'Name a section that the roster has.' },
  'begun-already': { pointer: '/begins', message: 'Name today, or a later day.' },
  'no-day': { pointer: '/ends', message: 'Name a day after the first one.' },
  'ended-already': { pointer: '/ends', message: 'Name a day after today.' },
  'too-long': { pointer: '/ends', message: 'Name an earlier day: it ends with the school year.' },
  'no-school-year': { pointer: '/ends', message: 'The district has no term that runs or is to come.' },
}

const toView = ({ providerId, endedAt, ...substitute }: SubstituteRecord): SubstituteView => ({
  ...substitute,
  userId: providerId,
  endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
})

const loadOne = async (tx: DistrictTransaction, id: string): Promise<SubstituteView> => {
  const [substitute] = await listSubstitutes(tx, { id, limit: 1 })
  if (substitute === undefined) throw hidden()
  return toView(substitute)
}

const addRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/substitutes',
  operationId: 'appointSubstitute',
  summary: 'Make somebody of the staff a substitute in a section until a day',
  description:
    'On these days they may write with the students of the section, and with guardians whose custody is confirmed, as its teachers may, while a term of the section runs. They have channels of their own and read nobody else’s. Announcements stay with those whom the roster assigns.',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, body: { required: true, content: { 'application/json': { schema: appointSubstituteBody } } } },
  responses: {
    201: { description: 'Appointed', content: { 'application/json': { schema: substituteSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/substitutes',
  operationId: 'listSubstitutes',
  summary: 'The district’s substitutes, newest first, those whose days are over too',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: {
      description: 'A page of substitutes',
      content: { 'application/json': { schema: toPageSchema(substituteSchema).openapi('SubstitutePage') } },
    },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const endRoute = createRoute({
  method: 'delete',
  path: '/districts/{districtId}/substitutes/{id}',
  operationId: 'endSubstitute',
  summary: 'End somebody’s time as a substitute, and the access that it alone gives, at once',
  tags: ['roster'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: ofDistrictParams },
  responses: { 204: { description: 'Ended' }, ...forbiddenProblem, ...hiddenProblem, ...commonProblems },
})

/** Substitutes in sections, as administrators of the district appoint them. */
export const substituteRoutes = (deps: Pick<ApiDeps, 'app' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(addRoute, async (c) => {
      const caller = c.get('caller')
      const { reason, ...asked } = c.req.valid('json')
      const view = await takeInTurn(() =>
        actForDistrict(deps.app, c, async (tx) => {
          const made = await appointSubstitute(tx, { ...asked, authorId: toCallerId(caller) })
          if (made.outcome === 'busy') return 'busy'
          if (made.outcome === 'refused') throw new InvalidInput([{ in: 'body', code: made.fault, ...faults[made.fault] }])
          if (made.outcome === 'appointed-already')
            throw new Refusal('state-conflict', 'They are a substitute there on some of these days already. End that first.')
          const target = { kind: 'substitute', id: made.id }
          const substitute = await loadOne(tx, made.id)
          const { userId, sectionId, begins, ends } = substitute
          const details = { userId, sectionId, begins, ends }
          await recordAudit(tx, { actor: toAuditActor(caller), action: 'substitute.appoint', target, reason, details })
          return substitute
        }),
      )
      return c.json(view, 201)
    })
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor)
      const found = await readForDistrict(deps.app, c, (tx) => listSubstitutes(tx, { before, limit: limit + 1 }))
      const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.id }))
      return c.json({ items: items.map(toView), nextCursor }, 200)
    })
    .openapi(endRoute, async (c) => {
      const { districtId, id } = c.req.valid('param')
      const caller = c.get('caller')
      const startFor = toSettlingStart(deps.taskQueues.roster)
      const ended = await takeInTurn(() =>
        actForDistrict(deps.app, c, async (tx) => {
          const done = await disconnectProvider(tx, { id, endedBy: toCallerId(caller), connectedWith: 'section' }, startFor)
          if (done === 'busy') return 'busy'
          // Ending twice is ending once.
          if (done === null) await loadOne(tx, id)
          else await recordAudit(tx, { actor: toAuditActor(caller), action: 'substitute.end', target: { kind: 'substitute', id } })
          return done
        }),
      )
      if (ended?.endings) await deps.startWorkflow(startFor({ districtId, version: ended.version }), { districtId })
      return c.body(null, 204)
    })
