import type { ColumnCipher } from '../db/districtKeys.ts'
import type { DistrictTransaction } from '../db/openDatabase.ts'
import { findAnnounceRefusal, postAnnouncement, type AnnounceRefusal, type EarlierAnnouncement } from '../db/queries/postAnnouncement.ts'
import { AttachmentTaken } from '../db/queries/postMessage.ts'
import type { Reading } from '../domain/language/readLanguage.ts'
import { Refusal } from '../domain/refusal.ts'
import { toNoticingStart, toReceiptStart, type TaskQueues } from '../workflows/contract.ts'
import type { Actor } from './apiEnv.ts'
import { postedBefore, postUnlessNudged, type Posted } from './postUnlessNudged.ts'
import { raiseConcern } from './raiseConcern.ts'
import { refuseUntilAccepted } from './refusePost.ts'
import { hidden } from './requireAllowed.ts'
import type { PostAnnouncement } from './schemas/announcementSchema.ts'
import { requireSection } from './views/loadAnnouncements.ts'

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
export type Announced = {
  actor: Actor
  sectionId: string
  body: PostAnnouncement
  reading: Reading
  /** In which it is written, as the translator names it. */
  language: string
  queues: Pick<TaskQueues, 'roster' | 'safety' | 'maintenance'>
}

/** @throws {Refusal} unless it was posted before. */
const settleRefusal = async (tx: DistrictTransaction, cipher: ColumnCipher, post: Announced, refusal: AnnounceRefusal): Promise<Posted> => {
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

/**
 * Posts it, and in the same transaction asks for somebody to look when its words raise a concern; or asks its author once more.
 * @throws {Refusal} when it is not posted, now or before.
 */
export const announceOnce = (tx: DistrictTransaction, cipher: ColumnCipher, post: Announced): Promise<Posted> => {
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
        return { start: (await raiseConcern(tx, { announcementId: id }, post)) ?? posted.start }
      },
    },
  )
}
