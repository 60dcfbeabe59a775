import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { findPeople, getPerson } from '../../db/queries/findPeople.ts'
import { listSections } from '../../db/queries/listSections.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { toPage } from '../toPage.ts'
import { idSchema } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, queryProblem } from '../schemas/problemSchema.ts'
import { sectionPageSchema } from '../schemas/sectionSchema.ts'

const position = z.object({ after: idSchema })

/** Where the one who asks may say or hear something, as the live roster has it at this moment. */
export const sectionRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/sections',
      operationId: 'listSections',
      summary: 'My sections: as their teacher, as a student, and as a guardian for each child',
      tags: ['announcements'],
      request: { query: pageQuery },
      responses: {
        200: { description: 'A page of sections', content: { 'application/json': { schema: sectionPageSchema } } },
        ...queryProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const { districtId, userId: actorId } = c.get('actor')
      const { cursor, limit } = c.req.valid('query')
      const after = cursor === undefined ? undefined : parseCursor(position, 'cursor', cursor).after
      const page = await readDistrict(deps.app, districtId, async (tx) => {
        const found = await listSections(tx, { actorId, after, limit: limit + 1 })
        const { items, nextCursor } = toPage(found, limit, (last) => ({ after: last.id }))
        const people = await findPeople(
          tx,
          items.flatMap(({ children }) => children),
        )
        const withNames = items.map(({ children, ...section }) => ({ ...section, children: children.map((id) => getPerson(people, id)) }))
        return { items: withNames, nextCursor }
      })
      return c.json(page, 200)
    },
  )
