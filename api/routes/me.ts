import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { findPeople } from '../../db/queries/findPeople.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { personSchema } from '../schemas/channelSchema.ts'
import { idSchema } from '../schemas/idSchema.ts'
import { commonProblems } from '../schemas/problemSchema.ts'

const meSchema = z
  .object({ ...personSchema.shape, districtId: idSchema, preferredLanguage: z.string(), permissions: z.array(z.string()) })
  .openapi('Me')

/** Who the session belongs to. */
export const meRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/me',
      operationId: 'getMe',
      summary: 'Who I am',
      tags: ['me'],
      responses: {
        200: { description: 'The person behind the session', content: { 'application/json': { schema: meSchema } } },
        ...commonProblems,
      },
    }),
    async (c) => {
      const { districtId, userId, permissions, preferredLanguage } = c.get('actor')
      const people = await readDistrict(deps.app, districtId, (tx) => findPeople(tx, [userId]))
      const me = people.get(userId)
      if (me === undefined) throw hidden()
      return c.json({ ...me, districtId, preferredLanguage, permissions }, 200)
    },
  )
