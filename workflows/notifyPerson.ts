import { defineSearchAttributeKey } from '@temporalio/common'
import { continueAsNew, proxyActivities, setCurrentDetails, sleep, upsertSearchAttributes } from '@temporalio/workflow'
import type { NoticeActivities } from '../activities/notices/createNoticeActivities.ts'
import type { BatchRef } from './contract.ts'
import { isTransient } from './findIncurable.ts'

export type Notified = { told: number }

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

/** So that no history grows without end. */
const looksPerRun = 100

/** A mail server that is away is asked again so much later, when quiet hours may have begun: that is looked at first. Of answers of before, which do not say. */
const awayWaitMs = 60_000

const show = ({ districtId, batch }: BatchRef, stage: 'waiting' | 'telling' | 'delayed' | 'done'): void => {
  upsertSearchAttributes([
    { key: districtKey, value: districtId },
    { key: stageKey, value: stage },
  ])
  setCurrentDetails(`**${stage}** · batch ${batch}`)
}

/**
 * Notifies one person of what is new for them, together: a while after the first of it, not in quiet hours, and again at most every while for as long as more comes. What is
 * news is decided as each notification goes out. Ends when nothing is left to tell.
 */
export async function notifyPerson(ref: BatchRef): Promise<Notified> {
  const { planNotices } = proxyActivities<NoticeActivities>({
    startToCloseTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
  })
  const { tellNews } = proxyActivities<NoticeActivities>({
    startToCloseTimeout: '2 minutes',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  })
  for (let look = 0; look < looksPerRun; look += 1) {
    const next = await planNotices(ref)
    if (next.step === 'end') {
      show(ref, 'done')
      return { told: next.told }
    }
    if (next.step === 'wait') {
      show(ref, 'waiting')
      await sleep(next.ms)
      continue
    }
    show(ref, 'telling')
    try {
      await tellNews(ref, next.notification)
    } catch (error) {
      if (!isTransient(error)) throw error
      show(ref, 'delayed')
      await sleep(next.awayWaitMs ?? awayWaitMs)
    }
  }
  return continueAsNew<typeof notifyPerson>(ref)
}
