import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { acceptTerms } from '../../db/queries/acceptTerms.ts'
import { findTerms } from '../../db/queries/listTerms.ts'
import { Refusal } from '../../domain/refusal.ts'
import { readingNotice } from '../../domain/termsOfUse.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { commonProblems, conflictProblem, inputProblems } from '../schemas/problemSchema.ts'
import { acceptTermsBody, termsSchema, type TermsView } from '../schemas/termsSchema.ts'
import { toTimeText } from '../views/toTimeText.ts'

const getTermsRoute = createRoute({
  method: 'get',
  path: '/terms-of-use',
  operationId: 'getTermsOfUse',
  summary: 'The terms of use of my district, and whether I have accepted them',
  tags: ['me'],
  responses: {
    200: { description: 'The newest version', content: { 'application/json': { schema: termsSchema } } },
    ...commonProblems,
  },
})

const acceptRoute = createRoute({
  method: 'put',
  path: '/me/terms-of-use',
  operationId: 'acceptTermsOfUse',
  summary: 'Accept the newest terms of use',
  description:
    'Asked once for each version, before you write or send a file. Accepting again changes nothing. Only the newest version is accepted.',
  tags: ['me'],
  request: { body: { required: true, content: { 'application/json': { schema: acceptTermsBody } } } },
  responses: {
    200: { description: 'Accepted', content: { 'application/json': { schema: termsSchema } } },
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const loadTerms = async (tx: DistrictTransaction, userId: string): Promise<TermsView> => {
  const newest = await findTerms(tx, { userId })
  if (newest === null) return { notice: readingNotice, terms: null, acceptedAt: null, mustAccept: false }
  const { version, text, publishedAt, acceptedAt } = newest
  return {
    notice: readingNotice,
    terms: { version, text, publishedAt: publishedAt.toISOString() },
    acceptedAt: toTimeText(acceptedAt),
    mustAccept: acceptedAt === null,
  }
}

/** The terms of use as everybody of a district reads and accepts them. */
export const termsOfUseRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(getTermsRoute, async (c) => {
      const { districtId, userId } = c.get('actor')
      return c.json(await readDistrict(deps.app, districtId, (tx) => loadTerms(tx, userId)), 200)
    })
    .openapi(acceptRoute, async (c) => {
      const actor = c.get('actor')
      const { version } = c.req.valid('json')
      const terms = await actAs(deps.app, actor, async (tx) => {
        if (!(await acceptTerms(tx, { userId: actor.userId, version })))
          throw new Refusal(
            'state-conflict',
            'This is not the newest version. Read GET /v1/terms-of-use, and accept the one that it shows.',
          )
        return loadTerms(tx, actor.userId)
      })
      return c.json(terms, 200)
    })
