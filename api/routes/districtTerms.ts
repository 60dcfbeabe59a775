import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findPeople, type Person } from '../../db/queries/findPeople.ts'
import { findTerms, listTerms, listTermsAcceptances, type TermsRecord } from '../../db/queries/listTerms.ts'
import { publishTerms } from '../../db/queries/publishTerms.ts'
import { Refusal } from '../../domain/refusal.ts'
import { actForDistrict, readForDistrict, toAuditActor, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { toPage } from '../toPage.ts'
import { districtParams, idSchema } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import {
  acceptancePageSchema,
  publishedTermsSchema,
  publishTermsBody,
  termsParams,
  termsVersionPageSchema,
  type TermsVersionView,
} from '../schemas/termsSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

/** What people are asked to agree to is for a person to say. */
const peopleOnly = { scope: null }
const versionPosition = z.object({ before: z.int() })
const personPosition = z.object({ after: idSchema })

const publishRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/terms-of-use',
  operationId: 'publishTermsOfUse',
  summary: 'Publish new terms of use',
  description:
    'From now on nobody of the district writes or sends a file before they have accepted it. Everybody reads as before. Repeating the request publishes once.',
  tags: ['terms'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, body: { required: true, content: { 'application/json': { schema: publishTermsBody } } } },
  responses: {
    201: { description: 'Published', content: { 'application/json': { schema: publishedTermsSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/terms-of-use',
  operationId: 'listTermsOfUse',
  summary: 'Every version of the terms of use, newest first',
  tags: ['terms'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: { description: 'A page of versions', content: { 'application/json': { schema: termsVersionPageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const getRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/terms-of-use/{version}',
  operationId: 'getTermsOfUseVersion',
  summary: 'One version of the terms of use, as people accepted it',
  tags: ['terms'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: termsParams },
  responses: {
    200: { description: 'The version', content: { 'application/json': { schema: publishedTermsSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...commonProblems,
  },
})

const acceptancesRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/terms-of-use/{version}/acceptances',
  operationId: 'listTermsAcceptances',
  summary: 'Who accepted a version of the terms of use, and when',
  tags: ['terms'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: termsParams, query: pageQuery },
  responses: {
    200: { description: 'A page of people', content: { 'application/json': { schema: acceptancePageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

/** Foreign keys promise that they are all there. */
const personOf = (people: ReadonlyMap<string, Person>, id: string): Person => {
  const person = people.get(id)
  if (person === undefined) throw new Error('terms of use name a person who is not there')
  return person
}

const toVersions = async (tx: DistrictTransaction, found: readonly TermsRecord[]): Promise<TermsVersionView[]> => {
  const authors = found.flatMap(({ publishedBy }) => publishedBy ?? [])
  const people = await findPeople(tx, authors)
  return found.map(({ version, publishedBy, publishedAt }) => ({
    version,
    publishedBy: publishedBy === null ? null : personOf(people, publishedBy),
    publishedAt: publishedAt.toISOString(),
  }))
}

const loadVersion = async (tx: DistrictTransaction, version: number): Promise<z.infer<typeof publishedTermsSchema>> => {
  const found = await findTerms(tx, { version })
  const [view] = found === null ? [] : await toVersions(tx, [found])
  if (found === null || view === undefined) throw hidden()
  return { ...view, text: found.text }
}

/** A district's terms of use, as its administrators publish them and see who accepted them. */
export const districtTermsRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(publishRoute, async (c) => {
      const caller = c.get('caller')
      const terms = { ...c.req.valid('json'), publishedBy: toCallerId(caller) }
      const published = await actForDistrict(deps.app, c, async (tx) => {
        const version = await publishTerms(tx, terms, { actor: toAuditActor(caller) })
        if (version === null)
          throw new Refusal('state-conflict', 'Another version is the newest. Read it, and say that you replace it.', {
            field: '/replaces',
          })
        return loadVersion(tx, version)
      })
      return c.json(published, 201)
    })
    .openapi(listRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const before = cursor === undefined ? null : parseCursor(versionPosition, 'cursor', cursor).before
      const found = await readForDistrict(deps.app, c, async (tx) => toVersions(tx, await listTerms(tx, { before, limit: limit + 1 })))
      return c.json(
        toPage(found, limit, (last) => ({ before: last.version })),
        200,
      )
    })
    .openapi(getRoute, async (c) => {
      const { version } = c.req.valid('param')
      return c.json(await readForDistrict(deps.app, c, (tx) => loadVersion(tx, version)), 200)
    })
    .openapi(acceptancesRoute, async (c) => {
      const { version } = c.req.valid('param')
      const { cursor, limit } = c.req.valid('query')
      const after = cursor === undefined ? null : parseCursor(personPosition, 'cursor', cursor).after
      const found = await readForDistrict(deps.app, c, async (tx) => {
        await loadVersion(tx, version)
        const rows = await listTermsAcceptances(tx, { version, after, limit: limit + 1 })
        const people = await findPeople(
          tx,
          rows.map(({ userId }) => userId),
        )
        return rows.map(({ userId, acceptedAt }) => ({ person: personOf(people, userId), acceptedAt: acceptedAt.toISOString() }))
      })
      return c.json(
        toPage(found, limit, (last) => ({ after: last.person.id })),
        200,
      )
    })
