import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { countDelivery } from '../../db/queries/countDelivery.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { deliverySchema } from '../schemas/announcementSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem } from '../schemas/problemSchema.ts'
import { requireAnnouncement } from '../views/loadAnnouncements.ts'

/** How far an announcement has come: counts, and no names. */
export const announcementDeliveryRoute = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/announcements/{id}/delivery',
      operationId: 'getDelivery',
      summary: 'Whom an announcement of a section that I teach has reached',
      description: 'By the roster of this moment: whoever has left the section is in none of the counts.',
      tags: ['announcements'],
      request: { params: idParams },
      responses: {
        200: { description: 'Counts', content: { 'application/json': { schema: deliverySchema } } },
        ...forbiddenProblem,
        ...hiddenProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id: announcementId } = c.req.valid('param')
      const delivery = await readDistrict(deps.app, actor.districtId, async (tx) => {
        await requireAnnouncement(tx, actor, announcementId, 'announcement.delivery')
        return countDelivery(tx, { announcementId, actorId: actor.userId })
      })
      if (delivery === null) throw hidden()
      return c.json(delivery, 200)
    },
  )
