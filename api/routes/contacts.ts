import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { listRecipients, type Recipient } from '../../db/queries/listRecipients.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { toPage } from '../toPage.ts'
import { contactSchema } from '../schemas/channelSchema.ts'
import { idSchema } from '../schemas/idSchema.ts'
import { pageQuery, toPageSchema } from '../schemas/pageSchema.ts'
import { commonProblems, queryProblem } from '../schemas/problemSchema.ts'

const position = z.object({ studentId: idSchema, participantId: idSchema })

const toContact = (recipient: Recipient): z.infer<typeof contactSchema> => ({
  participant: { id: recipient.participantId, role: recipient.role, givenName: recipient.givenName, familyName: recipient.familyName },
  student: { id: recipient.studentId, role: 'student', givenName: recipient.studentGivenName, familyName: recipient.studentFamilyName },
})

/** Whom a teacher or a service provider may write with, by the live roster. Empty for everybody else: only they open channels. */
export const contactRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/contacts',
      operationId: 'listContacts',
      summary: 'Whom I may write with',
      tags: ['channels'],
      request: { query: pageQuery },
      responses: {
        200: {
          description: 'Students and guardians, by student',
          content: { 'application/json': { schema: toPageSchema(contactSchema).openapi('ContactPage') } },
        },
        ...queryProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const after = cursor === undefined ? undefined : parseCursor(position, 'cursor', cursor)
      const { districtId, userId } = c.get('actor')
      const found = await readDistrict(deps.app, districtId, (tx) => listRecipients(tx, { teacherId: userId, after, limit: limit + 1 }))
      const { items, nextCursor } = toPage(found, limit, ({ studentId, participantId }) => ({ studentId, participantId }))
      return c.json({ items: items.map(toContact), nextCursor }, 200)
    },
  )
