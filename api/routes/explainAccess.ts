import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { findReachMoment, type ReachMoment } from '../../db/queries/findReachMoment.ts'
import { hasChannel } from '../../db/queries/hasChannel.ts'
import { listReach } from '../../db/queries/listReach.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import type { ReachQuestion } from '../../domain/roster/decideReach.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { loadExplanation } from '../explain/loadExplanation.ts'
import { reserveOthers } from '../explain/reserveOthers.ts'
import { InvalidInput, refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { explainQuery, explanationSchema, type ExplanationView } from '../schemas/explanationSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'

type Asked = ReachQuestion & { at?: string | undefined }

const isAboutSelf = ({ userId }: Actor, { actorId, targetId }: ReachQuestion): boolean => userId === actorId || userId === targetId

const requireMoment = async (tx: DistrictTransaction, at: string | undefined): Promise<ReachMoment> => {
  const moment = await findReachMoment(tx, at)
  if (!moment.isFuture) return moment
  throw new InvalidInput([
    { in: 'query', pointer: '/at', code: 'in-the-future', message: 'Name a moment that has passed, or none for now.' },
  ])
}

/**
 * An administrator sees all of it, about people of the district. Everybody else is answered about themselves and somebody whom they may write with
 * or have had a channel with: with anybody else the answer would tell who is there, or in which section a child is.
 */
const explain = async (tx: DistrictTransaction, actor: Actor, { at, ...question }: Asked): Promise<ExplanationView> => {
  const { view, reach, ownOf, isPersonThere } = await loadExplanation(tx, question, await requireMoment(tx, at), at === undefined)
  if (![question.actorId, question.targetId].every(isPersonThere)) throw hidden()
  if (actor.permissions.includes('administer')) return view
  // Of now, whatever moment is asked about: who was denied since is not told what was before.
  if ((await listReach(tx, question)).length === 0 && !(await hasChannel(tx, question))) throw hidden()
  return reserveOthers(view, reach, ownOf(actor.userId))
}

/** Why two people may converse or may not, now or at a moment that has passed. */
export const explainAccessRoute = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/access/explain',
      operationId: 'explainAccess',
      summary: 'Why two people may converse, or may not',
      description:
        'District administrators ask about anybody of their district, and each of their questions about others is written down. Everybody asks about themselves and those with whom they converse or did.',
      tags: ['access'],
      request: { query: explainQuery },
      responses: {
        200: { description: 'Whether, and by which rows of the roster', content: { 'application/json': { schema: explanationSchema } } },
        ...hiddenProblem,
        ...queryProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { actor: actorId, target: targetId, student: studentId, at } = c.req.valid('query')
      const asked: Asked = { actorId, targetId, studentId, at }
      if (!isAboutSelf(actor, asked)) {
        if (!actor.permissions.includes('administer')) throw hidden()
        // Before anything is read: what was looked at is never missing from the log.
        await actAs(deps.app, actor, (tx) =>
          recordAudit(tx, {
            actor: { kind: 'user', id: actor.userId },
            action: 'access.explain',
            target: { kind: 'user', id: targetId },
            details: { actorId, studentId: studentId ?? null, at: at ?? null },
          }),
        )
      }
      return c.json(await readDistrict(deps.app, actor.districtId, (tx) => explain(tx, actor, asked)), 200)
    },
  )
