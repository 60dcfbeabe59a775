import { defineSearchAttributeKey } from '@temporalio/common'
import { proxyActivities, proxyLocalActivities, setCurrentDetails, sleep, upsertSearchAttributes } from '@temporalio/workflow'
import type { SafetyActivities } from '../activities/safety/createSafetyActivities.ts'
import type { ReportRef } from './contract.ts'

/** How many were told at once, and how many again. */
export type FollowedReport = { told: number; toldAgain: number }

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

const show = ({ districtId, reportId, attempt }: ReportRef, stage: 'telling' | 'deciding' | 'done'): void => {
  upsertSearchAttributes([
    { key: districtKey, value: districtId },
    { key: stageKey, value: stage },
  ])
  setCurrentDetails(`**${stage}** · report ${reportId} · attempt ${attempt}`)
}

/**
 * Tells those whom the district names that something was reported, and after a day of silence them and the administrators. Never given up: somebody is told,
 * if it takes days.
 */
export async function followReport(ref: ReportRef): Promise<FollowedReport> {
  const { readSafetyPace } = proxyLocalActivities<SafetyActivities>({ startToCloseTimeout: '10 seconds' })
  const pace = await readSafetyPace()
  const { tellReport } = proxyActivities<SafetyActivities>({
    startToCloseTimeout: pace.stepTimeoutMs,
    summary: 'tried until somebody is told, or has decided',
    retry: { initialInterval: pace.waitBetweenTriesMs, maximumInterval: pace.waitBetweenTriesMaxMs },
  })
  show(ref, 'telling')
  const { told } = await tellReport(ref, 'flagged')
  show(ref, 'deciding')
  await sleep(pace.escalateAfterMs)
  const { told: toldAgain } = await tellReport(ref, 'undecided')
  show(ref, 'done')
  return { told, toldAgain }
}
