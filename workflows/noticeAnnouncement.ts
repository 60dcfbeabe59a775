import { defineSearchAttributeKey } from '@temporalio/common'
import { continueAsNew, proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { NoticeActivities } from '../activities/notices/createNoticeActivities.ts'
import type { AnnouncementRef } from './contract.ts'

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

/** So that no history grows without end. */
const stepsPerRun = 500

const show = ({ districtId, announcementId }: AnnouncementRef, stage: 'noticing' | 'done'): void => {
  upsertSearchAttributes([
    { key: districtKey, value: districtId },
    { key: stageKey, value: stage },
  ])
  setCurrentDetails(`**${stage}** · announcement ${announcementId}`)
}

/**
 * Notices everybody whom an announcement is for by the roster of that moment, some at a time, until nobody is left: writing it waited for none of them. Whoever
 * left meanwhile is not noticed. Never given up.
 */
export async function noticeAnnouncement(ref: AnnouncementRef): Promise<{ done: true }> {
  const { noticeRecipients } = proxyActivities<NoticeActivities>({
    startToCloseTimeout: '1 minute',
    summary: 'tried until it is done',
    retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
  })
  show(ref, 'noticing')
  for (let step = 0; step < stepsPerRun; step += 1) {
    const { noticed } = await noticeRecipients(ref)
    if (noticed > 0) continue
    show(ref, 'done')
    return { done: true }
  }
  return continueAsNew<typeof noticeAnnouncement>(ref)
}
