import { defineSearchAttributeKey } from '@temporalio/common'
import { proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { RosterActivities } from '../activities/roster/createRosterActivities.ts'
import type { AnnouncementRef } from './contract.ts'

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

const show = ({ districtId, announcementId }: AnnouncementRef, stage: 'recording' | 'done'): void => {
  upsertSearchAttributes([
    { key: districtKey, value: districtId },
    { key: stageKey, value: stage },
  ])
  setCurrentDetails(`**${stage}** · announcement ${announcementId}`)
}

/**
 * Writes down who an announcement was for, by the roster by which it was let be written: a count and a hash, from which nobody's name can be read. Nothing waits
 * for it. Never given up.
 */
export async function writeScopeReceipt(ref: AnnouncementRef): Promise<{ recipients: number }> {
  const { recordScope } = proxyActivities<RosterActivities>({
    startToCloseTimeout: '1 minute',
    summary: 'tried until it is done',
    retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
  })
  show(ref, 'recording')
  const { recipients } = await recordScope(ref)
  show(ref, 'done')
  return { recipients }
}
