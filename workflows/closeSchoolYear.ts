import { defineSearchAttributeKey } from '@temporalio/common'
import { proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { RosterActivities } from '../activities/roster/createRosterActivities.ts'
import type { YearRef } from './contract.ts'

export type ClosedYear = { channels: number; told: number }

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

const show = (
  { districtId, schoolYear }: YearRef,
  stage: 'closing' | 'telling' | 'recording' | 'done',
  counts: Partial<ClosedYear> = {},
): void => {
  upsertSearchAttributes([
    { key: districtKey, value: districtId },
    { key: stageKey, value: stage },
  ])
  const done = Object.entries(counts).map(([name, count]) => `${name}: ${count}`)
  setCurrentDetails([`**${stage}** · school year ${schoolYear}`, ...done].join('\n\n'))
}

/**
 * Closes a school year behind its terms. Access ended with them, by the clock and whatever runs; this run marks the channels, tells their people once, and
 * leaves a report in the audit log. What was written stays. Never given up.
 */
export async function closeSchoolYear(ref: YearRef): Promise<ClosedYear> {
  const { closeYearChannels, tellYearEnded, settleYearEnd } = proxyActivities<RosterActivities>({
    startToCloseTimeout: '3 hours',
    heartbeatTimeout: '30 seconds',
    summary: 'tried until it is done',
    retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
  })
  show(ref, 'closing')
  const { channels } = await closeYearChannels(ref)
  show(ref, 'telling', { channels })
  const { told } = await tellYearEnded(ref)
  show(ref, 'recording', { channels, told })
  await settleYearEnd(ref)
  show(ref, 'done', { channels, told })
  return { channels, told }
}
