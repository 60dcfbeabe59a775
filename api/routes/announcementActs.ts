import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { hideAnnouncement, unhideAnnouncement } from '../../db/queries/hideAnnouncement.ts'
import { markAnnouncementRead } from '../../db/queries/markAnnouncementRead.ts'
import { withdrawAnnouncement } from '../../db/queries/withdrawAnnouncement.ts'
import type { AnnouncementAction } from '../../domain/access.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { MessageState } from '../../domain/shownMessage.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { announcementSchema, type AnnouncementView } from '../schemas/announcementSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem } from '../schemas/problemSchema.ts'
import { loadAnnouncement, requireAnnouncement } from '../views/loadAnnouncements.ts'

type Act = {
  action: AnnouncementAction
  summary: string
  description: string
  change: (tx: DistrictTransaction, ref: { announcementId: string; actorId: string }) => Promise<void>
  /** What it then is; null when the act leaves that alone. */
  after: MessageState | null
}

const toRoute = <Method extends 'post' | 'put', Path extends string>(
  method: Method,
  path: Path,
  operationId: string,
  { summary, description }: Act,
) =>
  createRoute({
    method,
    path,
    operationId,
    summary,
    description,
    tags: ['announcements'],
    request: { params: idParams },
    responses: {
      200: { description: 'The announcement as it now is', content: { 'application/json': { schema: announcementSchema } } },
      ...forbiddenProblem,
      ...hiddenProblem,
      ...conflictProblem,
      ...commonProblems,
    },
  })

const hide: Act = {
  action: 'announcement.hide',
  summary: 'Hide an announcement of a section that I teach',
  description:
    'Gone at once for everybody but the section’s teachers, with its files; kept for the district’s audit. Hiding twice is hiding once.',
  change: hideAnnouncement,
  after: 'hidden',
}
const unhide: Act = {
  action: 'announcement.unhide',
  summary: 'Show a hidden announcement again',
  description: 'The other way round; showing twice is showing once.',
  change: unhideAnnouncement,
  after: 'shown',
}
const withdraw: Act = {
  action: 'announcement.withdraw',
  summary: 'Take my announcement back',
  description:
    'Gone at once for everybody with its files, for good; kept for the district’s audit. The answer says how many others had read it.',
  change: withdrawAnnouncement,
  after: 'withdrawn',
}
const markRead: Act = {
  action: 'announcement.mark-read',
  summary: 'Say that I have read an announcement',
  description: 'Reading twice is reading once. Its section’s teachers see how many have read it.',
  change: markAnnouncementRead,
  after: null,
}

/** What is done to an announcement after it was posted. Each is one statement that asks the live roster. */
export const announcementActRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) => {
  const act = async (c: Context<ApiEnv>, announcementId: string, { action, change, after }: Act): Promise<AnnouncementView> => {
    const actor = c.get('actor')
    const cipher = await deps.districtKeys.forDistrict(actor.districtId)
    await actAs(deps.app, actor, async (tx) => {
      await change(tx, { announcementId, actorId: actor.userId })
      await requireAnnouncement(tx, actor, announcementId, action)
    })
    const announcement = await readDistrict(deps.app, actor.districtId, (tx) => loadAnnouncement(tx, cipher, actor, announcementId))
    if (after !== null && announcement.state !== after) throw new Refusal('state-conflict', `This announcement is ${announcement.state}.`)
    return announcement
  }
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(toRoute('post', '/announcements/{id}/hide', 'hideAnnouncement', hide), async (c) =>
      c.json(await act(c, c.req.valid('param').id, hide), 200),
    )
    .openapi(toRoute('post', '/announcements/{id}/unhide', 'unhideAnnouncement', unhide), async (c) =>
      c.json(await act(c, c.req.valid('param').id, unhide), 200),
    )
    .openapi(toRoute('post', '/announcements/{id}/withdraw', 'withdrawAnnouncement', withdraw), async (c) =>
      c.json(await act(c, c.req.valid('param').id, withdraw), 200),
    )
    .openapi(toRoute('put', '/announcements/{id}/read-mark', 'markAnnouncementRead', markRead), async (c) =>
      c.json(await act(c, c.req.valid('param').id, markRead), 200),
    )
}
