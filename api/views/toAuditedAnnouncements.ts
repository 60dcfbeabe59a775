import type { z } from '@hono/zod-openapi'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findPeople } from '../../db/queries/findPeople.ts'
import { listTranslationsOf } from '../../db/queries/listTranslationsOf.ts'
import type { AuditedAnnouncement } from '../../db/queries/searchAnnouncements.ts'
import type { auditedAnnouncementSchema, foundAnnouncementSchema } from '../schemas/auditedAnnouncementSchema.ts'
import { toOthersAttachmentView } from './toAttachmentView.ts'
import { toTimeText } from './toTimeText.ts'
import { toTranslationViews } from './toTranslationView.ts'

type FoundView = z.infer<typeof foundAnnouncementSchema>

/** Announcements that a search found: who, where and when, and nothing of what was said. */
export const toFoundAnnouncements = async (tx: DistrictTransaction, found: readonly AuditedAnnouncement[]): Promise<FoundView[]> => {
  const people = await findPeople(
    tx,
    found.map(({ authorId }) => authorId),
  )
  return found.map(({ id, sectionId, sectionTitle, authorId, attachments, ...announcement }) => {
    const author = people.get(authorId)
    // Foreign keys promise it.
    if (author === undefined) throw new Error('an announcement names a person who is not there')
    return {
      id,
      section: { id: sectionId, title: sectionTitle },
      author,
      recipients: announcement.recipients,
      createdAt: announcement.createdAt.toISOString(),
      hiddenAt: toTimeText(announcement.hiddenAt),
      hiddenBy: announcement.hiddenBy,
      withdrawnAt: toTimeText(announcement.withdrawnAt),
      withdrawnAfterReaders: announcement.withdrawnAfterReaders,
      wasNudged: announcement.wasNudged,
      attachmentCount: attachments.length,
    }
  })
}

/** With what was said. Of a file that is not clean it shows no more than anybody but its uploader sees. */
export const toAuditedAnnouncement = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  announcement: AuditedAnnouncement,
): Promise<z.infer<typeof auditedAnnouncementSchema>> => {
  const [found] = await toFoundAnnouncements(tx, [announcement])
  const translations = await listTranslationsOf(tx, { announcementIds: [announcement.id] })
  return {
    ...(found as FoundView),
    language: announcement.language,
    text: cipher.openText({ table: 'announcements', rowId: announcement.id, column: 'body' }, announcement.body),
    translations: toTranslationViews(cipher, translations, announcement.id),
    attachments: announcement.attachments.map((attachment) => toOthersAttachmentView(cipher, attachment)),
  }
}
