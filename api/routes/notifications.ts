import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findNotifications, setMailOff, setQuietHours, setSmsOff } from '../../db/queries/setNotifications.ts'
import { parseTimeOfDay, toTimeOfDay, type QuietHours } from '../../domain/notices/quietHours.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { notificationsSchema, setNotificationsBody, type NotificationsView } from '../schemas/noticeSchema.ts'
import { commonProblems, inputProblems } from '../schemas/problemSchema.ts'

const answer = { 200: { description: 'How I am notified', content: { 'application/json': { schema: notificationsSchema } } } }

const getRoute = createRoute({
  method: 'get',
  path: '/me/notifications',
  operationId: 'getNotifications',
  summary: 'How I am notified',
  tags: ['me'],
  responses: { ...answer, ...commonProblems },
})

const setRoute = createRoute({
  method: 'put',
  path: '/me/notifications',
  operationId: 'setNotifications',
  summary: 'Set my quiet hours, and whether I want mail and text messages',
  description: 'In quiet hours nobody is notified; what is new waits for their end. What is new is shown in the app in any case.',
  tags: ['me'],
  request: { body: { required: true, content: { 'application/json': { schema: setNotificationsBody } } } },
  responses: { ...answer, ...inputProblems, ...commonProblems },
})

const toHoursView = ({ from, until }: QuietHours) => ({ from: toTimeOfDay(from), until: toTimeOfDay(until) })

const load = async (tx: DistrictTransaction, userId: string): Promise<NotificationsView> => {
  const found = await findNotifications(tx, userId)
  if (found === null) throw hidden()
  const { quietHours, districtQuietHours, isMailOff, isAddressRefused, isSmsOff, isNumberRefused } = found
  return {
    quietHours: quietHours && toHoursView(quietHours),
    districtQuietHours: toHoursView(districtQuietHours),
    byMail: !isMailOff,
    isAddressRefused,
    bySms: !isSmsOff,
    isNumberRefused,
  }
}

export const notificationRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(getRoute, async (c) => {
      const actor = c.get('actor')
      return c.json(await actAs(deps.app, actor, (tx) => load(tx, actor.userId)), 200)
    })
    .openapi(setRoute, async (c) => {
      const actor = c.get('actor')
      const { quietHours, byMail, bySms } = c.req.valid('json')
      const { userId } = actor
      const view = await actAs(deps.app, actor, async (tx) => {
        const hours = quietHours && { from: parseTimeOfDay(quietHours.from), until: parseTimeOfDay(quietHours.until) }
        await setQuietHours(tx, { userId, quietHours: hours })
        await setMailOff(tx, { userId, isOff: !byMail })
        await setSmsOff(tx, { userId, isOff: !bySms })
        return load(tx, userId)
      })
      return c.json(view, 200)
    })
