import { defineSearchAttributeKey } from '@temporalio/common'
import { continueAsNew, patched, proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { NoticeActivities } from '../activities/notices/createNoticeActivities.ts'
import type { AnnouncementRef } from './contract.ts'
import { isTransient } from './findIncurable.ts'

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
 * left meanwhile is not noticed. Never given up. First it is asked for in the languages that they want, so that it is there when they are told.
 */
export async function noticeAnnouncement(ref: AnnouncementRef): Promise<{ done: true }> {
  const { noticeRecipients } = proxyActivities<NoticeActivities>({
    startToCloseTimeout: '1 minute',
    summary: 'tried until it is done',
    retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
  })
  show(ref, 'noticing')
  if (patched('languages-first')) await askFirst(ref)
  for (let step = 0; step < stepsPerRun; step += 1) {
    const { noticed } = await noticeRecipients(ref)
    if (noticed > 0) continue
    show(ref, 'done')
    return { done: true }
  }
  return continueAsNew<typeof noticeAnnouncement>(ref)
}

/** Not waited for beyond a few tries: each step of noticing asks again, for those whom it notices. */
const askFirst = async (ref: AnnouncementRef): Promise<void> => {
  const { askForLanguages } = proxyActivities<NoticeActivities>({
    startToCloseTimeout: '20 seconds',
    summary: 'the languages of its recipients',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  })
  try {
    await askForLanguages(ref)
  } catch (error) {
    if (!isTransient(error)) throw error
  }
}
