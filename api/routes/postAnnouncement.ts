import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { v7 as newId } from 'uuid'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import { postAnnouncement, type EarlierAnnouncement, type StartForReceipt } from '../../db/queries/postAnnouncement.ts'
import { AttachmentTaken, MessageIdTaken } from '../../db/queries/postMessage.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toReceiptStart } from '../../workflows/contract.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { refuseUntilAccepted } from '../refusePost.ts'
import { hidden } from '../requireAllowed.ts'
import { announcementSchema, postAnnouncementBody, type PostAnnouncement } from '../schemas/announcementSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { loadAnnouncement, requireSection } from '../views/loadAnnouncements.ts'

const place = (id: string) => ({ table: 'announcements', rowId: id, column: 'body' })

const unusable = (): Refusal =>
  new Refusal('state-conflict', 'A file is not yours, not of this section, posted already, or cannot be sent any more.', {
    field: '/attachmentIds',
  })

/** Whether it is the same announcement again: of one section, kind of recipients, author, text and files. */
const isSame = (cipher: ColumnCipher, sectionId: string, body: PostAnnouncement, earlier: EarlierAnnouncement): boolean =>
  earlier.sectionId === sectionId &&
  earlier.recipients === body.recipients &&
  cipher.openText(place(body.id), earlier.body) === body.text &&
  earlier.attachmentIds.join() === body.attachmentIds.join()

/** Answers the start of what follows; null when it was posted before. @throws {Refusal} when it is not posted, now or before. */
const postOnce = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  sectionId: string,
  body: PostAnnouncement,
  startFor: StartForReceipt,
): Promise<OutboxStart | null> => {
  const { id, recipients, attachmentIds } = body
  const announcement = { id, sectionId, authorId: actor.userId, recipients, body: cipher.sealText(place(id), body.text), attachmentIds }
  const posted = await postAnnouncement(tx, announcement, startFor).catch((error: unknown) => {
    throw error instanceof AttachmentTaken ? unusable() : error
  })
  if (posted.outcome === 'posted') return posted.start
  if (posted.outcome === 'not-teaching') {
    await requireSection(tx, actor, sectionId, 'section.announce')
    throw hidden()
  }
  if (posted.outcome === 'terms-not-accepted') throw refuseUntilAccepted()
  if (posted.outcome === 'attachments-unusable') throw unusable()
  if (posted.earlier !== null && isSame(cipher, sectionId, body, posted.earlier)) return null
  throw new Refusal('message-id-reused', 'Another announcement has this id. Make a new id for a new one.', { field: '/id' })
}

/** One statement asks the live roster and writes; it names no recipient, and waits for no scan. Sending it again answers what was posted. */
export const postAnnouncementRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/sections/{id}/announcements',
      operationId: 'postAnnouncement',
      summary: 'Say something to a section that I teach, with up to 10 files',
      description:
        'For teachers whom the roster enrolls in the section. Repeat it with the same `id` as often as needed: it is posted once. There is no edit; a correction is a new one.',
      tags: ['announcements'],
      request: { params: idParams, body: { required: true, content: { 'application/json': { schema: postAnnouncementBody } } } },
      responses: {
        201: { description: 'The announcement', content: { 'application/json': { schema: announcementSchema } } },
        ...forbiddenProblem,
        ...hiddenProblem,
        ...conflictProblem,
        ...inputProblems,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id: sectionId } = c.req.valid('param')
      const json = c.req.valid('json')
      const body = { ...json, id: json.id ?? newId() }
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const startFor = toReceiptStart(deps.taskQueues.roster)
      const post = () => actAs(deps.app, actor, (tx) => postOnce(tx, cipher, actor, sectionId, body, startFor))
      const start = await post().catch((error: unknown) => {
        if (error instanceof MessageIdTaken) return post()
        throw error
      })
      if (start !== null) await deps.startWorkflow(start, { districtId: actor.districtId })
      const announcement = await readDistrict(deps.app, actor.districtId, (tx) => loadAnnouncement(tx, cipher, actor, body.id))
      return c.json(announcement, 201, { Location: `/v1/announcements/${body.id}` })
    },
  )
