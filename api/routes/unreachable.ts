import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { listUnreachable } from '../../db/queries/listUnreachable.ts'
import { readForDistrict } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { parseBefore } from '../parseBefore.ts'
import { personSchema } from '../schemas/channelSchema.ts'
import { districtParams, timeSchema } from '../schemas/idSchema.ts'
import { pageQuery, toPageSchema } from '../schemas/pageSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { toPage } from '../toPage.ts'

const unreachableSchema = z
  .object({
    person: personSchema,
    isAddressRefused: z.boolean().openapi({ description: 'Their address took no mail, when it was handed over or afterwards' }),
    isNumberRefused: z.boolean().openapi({ description: 'Their number took no text message, or they answered STOP to one' }),
    refusedAt: timeSchema.nullable(),
  })
  .openapi('Unreachable')

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/unreachable',
  operationId: 'listUnreachable',
  summary: 'Whom notifications did not reach',
  description:
    'People whose address or number in the roster took nothing. Neither is tried again until the roster has another. Whoever has none at all is not listed.',
  tags: ['notices'],
  ...takesDistrictCaller({ scope: null }),
  request: { params: districtParams, query: pageQuery },
  responses: {
    200: { description: 'People', content: { 'application/json': { schema: toPageSchema(unreachableSchema).openapi('UnreachablePage') } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

/** Whom a district's administrators have to have put right in the system that sends the roster. */
export const unreachableRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid('query')
    const before = parseBefore(cursor)
    const found = await readForDistrict(deps.app, c, (tx) => listUnreachable(tx, { before, limit: limit + 1 }))
    const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.userId }))
    const toView = ({ userId: id, role, givenName, familyName, refusedAt, ...refused }: (typeof items)[number]) => ({
      person: { id, role, givenName, familyName },
      ...refused,
      refusedAt: refusedAt?.toISOString() ?? null,
    })
    return c.json({ items: items.map(toView), nextCursor }, 200)
  })
