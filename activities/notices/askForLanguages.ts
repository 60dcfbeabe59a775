import { log } from '@temporalio/activity'
import { withDistrict } from '../../db/openDatabase.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import { listRecipientLanguages } from '../../db/queries/listRecipientLanguages.ts'
import type { AnnouncementRef } from '../../workflows/contract.ts'
import type { NoticeDeps } from './noticeDeps.ts'
import { translateForRecipients } from './translateForRecipients.ts'

/**
 * Asks for an announcement in every language that somebody wants whom it is for at this moment (law 1), before anybody is noticed of it, and has the runs started right behind the commit: what cannot be
 * started now is the relay's (law 5). Asking twice is asking once. Answers how many were asked for now.
 */
export const createAskForLanguages =
  (deps: Pick<NoticeDeps, 'app' | 'districtKeys' | 'translationsQueue' | 'startRun'>) =>
  async ({ districtId, announcementId }: AnnouncementRef): Promise<{ asked: number }> => {
    const cipher = await deps.districtKeys.forDistrict(districtId)
    const starts = await withDistrict(deps.app, districtId, async (tx) =>
      translateForRecipients(tx, cipher, deps.translationsQueue, {
        announcementId,
        wanted: await listRecipientLanguages(tx, announcementId),
      }),
    )
    await Promise.all(starts.map((start) => startNow(deps, districtId, start)))
    return { asked: starts.length }
  }

const startNow = async ({ startRun }: Pick<NoticeDeps, 'startRun'>, districtId: string, start: OutboxStart): Promise<void> => {
  try {
    await startRun({ ...start, districtId })
  } catch (error) {
    log.info('a translation was not started at once: it is left to the relay', { fault: error instanceof Error ? error.name : 'Unknown' })
  }
}
