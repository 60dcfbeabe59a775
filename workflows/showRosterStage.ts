import { defineSearchAttributeKey } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { RemovalRef, RosterStage } from './contract.ts'

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const syncKey = defineSearchAttributeKey('SyncId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

/** Says where the run is, for the Temporal UI and its search: ids, states and counts only (law 7). */
export const showRosterStage = (ref: RemovalRef & { attempt?: number }, stage: RosterStage, note = ''): void => {
  upsertSearchAttributes([
    { key: districtKey, value: ref.districtId },
    { key: syncKey, value: ref.syncId },
    { key: stageKey, value: stage },
  ])
  const attempt = ref.attempt === undefined ? '' : ` · attempt ${ref.attempt}`
  setCurrentDetails(`**${stage}** · sync ${ref.syncId}${attempt}${note === '' ? '' : `\n\n${note}`}`)
}
