import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { v7 as newId } from 'uuid'
import { findProfanity } from '../../clients/language/findProfanity.ts'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import { addConcern } from '../../db/queries/addReport.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import { findAnnounceRefusal, postAnnouncement, type AnnounceRefusal, type EarlierAnnouncement } from '../../db/queries/postAnnouncement.ts'
import { AttachmentTaken } from '../../db/queries/postMessage.ts'
import { readLanguage, type Reading } from '../../domain/language/readLanguage.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toTranslationLanguage } from '../../domain/translation/languages.ts'
import { toNoticingStart, toReceiptStart, toReportStart, type TaskQueues } from '../../workflows/contract.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { countPosted, postedBefore, postUnlessNudged, toNudgeView, type Posted } from '../postUnlessNudged.ts'
import { refuseUntilAccepted } from '../refusePost.ts'
import { hidden } from '../requireAllowed.ts'
import { announcementSchema, postAnnouncementBody, type PostAnnouncement } from '../schemas/announcementSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { nudgedAnswer } from '../schemas/messageSchema.ts'
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

/** An announcement, its author, and what its words say. */
type Post = {
  actor: Actor
  sectionId: string
  body: PostAnnouncement
  reading: Reading
  /** In which it is written, as the translator names it. */
  language: string
  queues: Pick<TaskQueues, 'roster' | 'safety' | 'maintenance'>
}

/** @throws {Refusal} unless it was posted before. */
const settleRefusal = async (tx: DistrictTransaction, cipher: ColumnCipher, post: Post, refusal: AnnounceRefusal): Promise<Posted> => {
  const { actor, sectionId, body } = post
  if (refusal.outcome === 'not-teaching') {
    await requireSection(tx, actor, sectionId, 'section.announce')
    throw hidden()
  }
  if (refusal.outcome === 'terms-not-accepted') throw refuseUntilAccepted()
  if (refusal.outcome === 'attachments-unusable') throw unusable()
  if (refusal.earlier !== null && isSame(cipher, sectionId, body, refusal.earlier)) return postedBefore
  throw new Refusal('message-id-reused', 'Another announcement has this id. Make a new id for a new one.', { field: '/id' })
}

/** Its author never learns of it. */
const raiseConcern = async (tx: DistrictTransaction, { body, reading, queues }: Post): Promise<OutboxStart | null> => {
  if (reading.concern === null) return null
  return (await addConcern(tx, { announcementId: body.id, kind: reading.concern, startFor: toReportStart(queues.safety) })).start
}

/**
 * Posts it, and in the same transaction asks for somebody to look when its words raise a concern; or asks its author once more.
 * @throws {Refusal} when it is not posted, now or before.
 */
const postOnce = (tx: DistrictTransaction, cipher: ColumnCipher, post: Post): Promise<Posted> => {
  const { actor, sectionId, body, reading, language } = post
  const { id, recipients, attachmentIds, text, nudgeToken } = body
  const announcement = {
    id,
    sectionId,
    authorId: actor.userId,
    recipients,
    body: cipher.sealText(place(id), text),
    attachmentIds,
    language,
  }
  return postUnlessNudged(
    tx,
    cipher,
    { subject: { placeId: sectionId, authorId: actor.userId, text }, nudgeToken, findings: reading.findings },
    {
      settleRefusal: async () => {
        const refusal = await findAnnounceRefusal(tx, announcement)
        return refusal && settleRefusal(tx, cipher, post, refusal)
      },
      post: async (wasNudged) => {
        const startsFor = { receipt: toReceiptStart(post.queues.roster), noticing: toNoticingStart(post.queues.maintenance) }
        const posted = await postAnnouncement(tx, { ...announcement, wasNudged }, startsFor).catch((error: unknown) => {
          throw error instanceof AttachmentTaken ? unusable() : error
        })
        if (posted.outcome !== 'posted') return settleRefusal(tx, cipher, post, posted)
        // Telling of it can wait for the relay; somebody who is in danger cannot.
        return { start: (await raiseConcern(tx, post)) ?? posted.start }
      },
    },
  )
}

type Deps = Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow' | 'metrics' | 'findWords' | 'detectLanguage'>

/** One statement asks the live roster and writes; it names no recipient, and waits for no scan. Sending it again answers what was posted. */
export const postAnnouncementRoute = (deps: Deps) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/sections/{id}/announcements',
      operationId: 'postAnnouncement',
      summary: 'Say something to a section that I teach, with up to 10 files',
      description:
        'For teachers whom the roster enrolls in the section. Repeat it with the same `id` as often as needed: it is posted once. There is no edit; a correction is a new one. A text that its author may be sorry for is answered with a nudge.',
      tags: ['announcements'],
      request: { params: idParams, body: { required: true, content: { 'application/json': { schema: postAnnouncementBody } } } },
      responses: {
        ...nudgedAnswer,
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
      const reading = readLanguage(body.text, { findProfanity, words: await deps.findWords(actor.districtId) })
      const language = deps.detectLanguage(body.text, toTranslationLanguage(actor.preferredLanguage))
      const said = { actor, sectionId, body, reading, language, queues: deps.taskQueues }
      const posted = await countPosted(deps, () => actAs(deps.app, actor, (tx) => postOnce(tx, cipher, said)))
      if (posted.kind === 'nudged') return c.json(toNudgeView(posted), 200)
      // Not waited for: how long the answer takes says nothing of it. It never rejects.
      if (posted.start !== null) void deps.startWorkflow(posted.start, { districtId: actor.districtId })
      const announcement = await readDistrict(deps.app, actor.districtId, (tx) => loadAnnouncement(tx, cipher, actor, body.id))
      return c.json(announcement, 201, { Location: `/v1/announcements/${body.id}` })
    },
  )
