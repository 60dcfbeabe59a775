import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readDistrict } from '../../db/openDatabase.ts'
import type { AnnouncementCursor } from '../../db/queries/listAnnouncements.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { parseCursor, toCursor } from '../cursor.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { postgresTime } from '../postgresTime.ts'
import { announcementPageQuery, announcementPageSchema, announcementSchema } from '../schemas/announcementSchema.ts'
import { idParams, idSchema } from '../schemas/idSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { loadAnnouncement, loadAnnouncements, requireSection } from '../views/loadAnnouncements.ts'

const position = z.object({ createdAt: postgresTime, id: idSchema })

const page = {
  200: { description: 'A page of announcements', content: { 'application/json': { schema: announcementPageSchema } } },
  ...queryProblem,
  ...commonProblems,
}

const inboxRoute = createRoute({
  method: 'get',
  path: '/announcements',
  operationId: 'listAnnouncements',
  summary: 'What is said in all my sections, newest first: as a teacher, as a student, and as a guardian for each child',
  tags: ['announcements'],
  request: { query: announcementPageQuery },
  responses: page,
})

const sectionRoute = createRoute({
  method: 'get',
  path: '/sections/{id}/announcements',
  operationId: 'listSectionAnnouncements',
  summary: 'What is said in one of my sections, newest first',
  tags: ['announcements'],
  request: { params: idParams, query: announcementPageQuery },
  responses: { ...page, ...hiddenProblem },
})

const getRoute = createRoute({
  method: 'get',
  path: '/announcements/{id}',
  operationId: 'getAnnouncement',
  summary: 'One announcement',
  tags: ['announcements'],
  request: { params: idParams },
  responses: {
    200: { description: 'The announcement', content: { 'application/json': { schema: announcementSchema } } },
    ...hiddenProblem,
    ...commonProblems,
  },
})

type PageQuery = z.output<typeof announcementPageQuery>

const toPosition = (parameter: 'before' | 'after', cursor: string | undefined): AnnouncementCursor | undefined =>
  cursor === undefined ? undefined : parseCursor(position, parameter, cursor)

/** Announcements as the one who asks may see them at this moment. */
export const announcementRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) => {
  const loadPage = async (c: Context<ApiEnv>, query: PageQuery, sectionId?: string): Promise<z.infer<typeof announcementPageSchema>> => {
    const actor = c.get('actor')
    const [before, after] = [toPosition('before', query.before), toPosition('after', query.after)]
    const cipher = await deps.districtKeys.forDistrict(actor.districtId)
    const { items, newest, oldest, isMore } = await readDistrict(deps.app, actor.districtId, async (tx) => {
      if (sectionId !== undefined) await requireSection(tx, actor, sectionId, 'announcement.list')
      return loadAnnouncements(tx, cipher, actor, { sectionId, before, after, limit: query.limit })
    })
    // Whoever read on from a position stands behind it: there is something older.
    const hasOlder = after === undefined ? isMore : oldest !== null
    return {
      items,
      before: hasOlder && oldest !== null ? toCursor(oldest) : null,
      after: newest === null ? (query.after ?? null) : toCursor(newest),
    }
  }
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(inboxRoute, async (c) => c.json(await loadPage(c, c.req.valid('query')), 200))
    .openapi(sectionRoute, async (c) => c.json(await loadPage(c, c.req.valid('query'), c.req.valid('param').id), 200))
    .openapi(getRoute, async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      return c.json(await readDistrict(deps.app, actor.districtId, (tx) => loadAnnouncement(tx, cipher, actor, id)), 200)
    })
}
