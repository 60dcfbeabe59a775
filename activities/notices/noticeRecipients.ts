import { withDistrict } from '../../db/openDatabase.ts'
import { addNotices } from '../../db/queries/addNotices.ts'
import { listUnnoticed } from '../../db/queries/listUnnoticed.ts'
import { toNotifyingStart, type AnnouncementRef } from '../../workflows/contract.ts'
import { listLanguagesOf } from '../../db/queries/listLanguagesOf.ts'
import type { NoticeDeps } from './noticeDeps.ts'
import { translateForRecipients } from './translateForRecipients.ts'

/** As many as one transaction takes without keeping anybody's post waiting. */
const recipientsPerStep = 200

/**
 * Notices the next of those whom an announcement is for at this moment (law 1) and who have no notice of it: each once, however often this is done; and asks for it in the languages that
 * they prefer, which `askForLanguages` has done before for all who were there then. Answers how many; with none nobody is left.
 */
export const createNoticeRecipients =
  (deps: Pick<NoticeDeps, 'app' | 'districtKeys' | 'maintenanceQueue' | 'translationsQueue'>) =>
  async ({ districtId, announcementId }: AnnouncementRef): Promise<{ noticed: number }> => {
    const cipher = await deps.districtKeys.forDistrict(districtId)
    return withDistrict(deps.app, districtId, async (tx) => {
      const found = await listUnnoticed(tx, { announcementId, limit: recipientsPerStep })
      const [first] = found
      if (first === undefined) return { noticed: 0 }
      const userIds = found.map(({ userId }) => userId)
      const of = { kind: 'announcement', subjectId: announcementId, sectionId: first.sectionId, userIds } as const
      await addNotices(tx, of, toNotifyingStart(deps.maintenanceQueue))
      await translateForRecipients(tx, cipher, deps.translationsQueue, { announcementId, wanted: await listLanguagesOf(tx, userIds) })
      return { noticed: userIds.length }
    })
  }
