import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { listAttachments } from '../../db/queries/listAttachments.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { attachmentSchema } from '../schemas/attachmentSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { pageQuery, toPageSchema } from '../schemas/pageSchema.ts'
import { commonProblems, hiddenProblem, queryProblem } from '../schemas/problemSchema.ts'
import { loadAttachment } from '../views/loadAttachment.ts'
import { requireChannel } from '../views/loadChannel.ts'
import { toAttachmentView } from '../views/toAttachmentView.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/channels/{id}/attachments',
  operationId: 'listAttachments',
  summary: 'Files of a channel, newest first: what was posted, and my own',
  tags: ['attachments'],
  request: { params: idParams, query: pageQuery },
  responses: {
    200: {
      description: 'A page of attachments',
      content: { 'application/json': { schema: toPageSchema(attachmentSchema).openapi('AttachmentPage') } },
    },
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const getRoute = createRoute({
  method: 'get',
  path: '/attachments/{id}',
  operationId: 'getAttachment',
  summary: 'One attachment and its state',
  tags: ['attachments'],
  request: { params: idParams },
  responses: {
    200: { description: 'The attachment', content: { 'application/json': { schema: attachmentSchema } } },
    ...hiddenProblem,
    ...commonProblems,
  },
})

/** Attachments as the one who asks may see them: the uploader everything, others a posted file's state. */
export const attachmentRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const actor = c.get('actor')
      const { id: channelId } = c.req.valid('param')
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor) ?? undefined
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const found = await readDistrict(deps.app, actor.districtId, async (tx) => {
        const { as } = await requireChannel(tx, actor, channelId, 'attachment.list')
        return listAttachments(tx, { channelId, actorId: actor.userId, as, before, limit: limit + 1 })
      })
      const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.attachment.id }))
      return c.json({ items: items.map(({ attachment }) => toAttachmentView(cipher, attachment, actor.userId)), nextCursor }, 200)
    })
    .openapi(getRoute, async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      return c.json(await readDistrict(deps.app, actor.districtId, (tx) => loadAttachment(tx, cipher, actor, id)), 200)
    })
