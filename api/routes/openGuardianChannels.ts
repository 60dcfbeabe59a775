import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { openGuardianChannels } from '../../db/queries/openGuardianChannels.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { guardianChannelsSchema, noGuardian } from '../schemas/channelSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, hiddenProblem } from '../schemas/problemSchema.ts'
import { loadOpenChannels } from '../views/loadChannel.ts'

/** A teacher, or a service provider, opens a channel with every guardian of a student at once; doing it again answers the same ones. */
export const openGuardianChannelsRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/students/{id}/guardian-channels',
      operationId: 'openGuardianChannels',
      summary: 'Open a channel with each guardian of a rostered student',
      description:
        'One channel with each guardian whom you may write to about the student: all of them or none. Guardians do not see one another. Repeating it answers the same channels, and one with a guardian who has come since.',
      tags: ['channels'],
      request: { params: idParams },
      responses: {
        200: { description: 'The channels, new or as they were', content: { 'application/json': { schema: guardianChannelsSchema } } },
        ...hiddenProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id: studentId } = c.req.valid('param')
      const channelIds = await actAs(deps.app, actor, (tx) => openGuardianChannels(tx, { teacherId: actor.userId, studentId }))
      if (channelIds === null) throw hidden()
      if (channelIds.length === 0) return c.json({ items: [], emptyBecause: noGuardian }, 200)
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const items = await readDistrict(deps.app, actor.districtId, (tx) => loadOpenChannels(tx, cipher, actor, channelIds))
      // The roster changed in between: nothing is left to show.
      if (items.length === 0) throw hidden()
      return c.json({ items, emptyBecause: null }, 200)
    },
  )
