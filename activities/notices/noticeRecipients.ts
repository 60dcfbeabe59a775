import { withDistrict } from '../../db/openDatabase.ts'
import { addNotices } from '../../db/queries/addNotices.ts'
import { listUnnoticed } from '../../db/queries/listUnnoticed.ts'
import { toNotifyingStart, type AnnouncementRef } from '../../workflows/contract.ts'
import type { NoticeDeps } from './noticeDeps.ts'
import { translateForRecipients } from './translateForRecipients.ts'

/** As many as one transaction takes without keeping anybody's post waiting. */
const recipientsPerStep = 200

/**
 * Notices the next of those whom an announcement is for at this moment (law 1) and who have no notice of it: each once, however often this is done; and asks for it in the languages that
 * they prefer. Answers how many;
 * with none nobody is left.
 */
export const createNoticeRecipients =
  ({ app, maintenanceQueue, translationsQueue }: Pick<NoticeDeps, 'app' | 'maintenanceQueue' | 'translationsQueue'>) =>
  ({ districtId, announcementId }: AnnouncementRef): Promise<{ noticed: number }> =>
    withDistrict(app, districtId, async (tx) => {
      const found = await listUnnoticed(tx, { announcementId, limit: recipientsPerStep })
      const [first] = found
      if (first === undefined) return { noticed: 0 }
      const userIds = found.map(({ userId }) => userId)
      const of = { kind: 'announcement', subjectId: announcementId, sectionId: first.sectionId, userIds } as const
      await addNotices(tx, of, toNotifyingStart(maintenanceQueue))
      await translateForRecipients(tx, translationsQueue, { announcementId, language: first.language, userIds })
      return { noticed: userIds.length }
    })
