import { defineSearchAttributeKey } from '@temporalio/common'
import { proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { RosterActivities } from '../activities/roster/createRosterActivities.ts'
import type { VersionRef } from './contract.ts'

export type SettledVersion = { sessions: number; uploads: number; told: number; endings: number }

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

const show = (
  { districtId, version }: VersionRef,
  stage: 'cutting-off' | 'telling' | 'recording' | 'done',
  counts: Partial<SettledVersion> = {},
): void => {
  upsertSearchAttributes([
    { key: districtKey, value: districtId },
    { key: stageKey, value: stage },
  ])
  const done = Object.entries(counts).map(([name, count]) => `${name}: ${count}`)
  setCurrentDetails([`**${stage}** · roster version ${version}`, ...done].join('\n\n'))
}

/**
 * Does what follows from a change of the roster that ended access. Access itself ended in the commit that made the version; this run signs people out, cancels
 * what they had begun to upload, tells them, and marks the receipts. Never given up: somebody who lost access is told, if it takes days.
 */
export async function settleVersion(ref: VersionRef): Promise<SettledVersion> {
  const { cutOff, tellParted, closeVersion } = proxyActivities<RosterActivities>({
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '30 seconds',
    summary: 'tried until it is done',
    retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
  })
  show(ref, 'cutting-off')
  const { sessions, uploads } = await cutOff(ref)
  show(ref, 'telling', { sessions, uploads })
  const { told } = await tellParted(ref)
  show(ref, 'recording', { sessions, uploads, told })
  const { endings } = await closeVersion(ref)
  show(ref, 'done', { sessions, uploads, told, endings })
  return { sessions, uploads, told, endings }
}
