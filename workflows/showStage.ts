import { defineSearchAttributeKey } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { AttachmentRef, ScanStage } from './contract.ts'

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const attachmentKey = defineSearchAttributeKey('AttachmentId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

/** Says where the run is, for the Temporal UI and its search: ids, states and counts only (law 7). */
export const showStage = (ref: AttachmentRef, stage: ScanStage, note = ''): void => {
  upsertSearchAttributes([
    { key: districtKey, value: ref.districtId },
    { key: attachmentKey, value: ref.attachmentId },
    { key: stageKey, value: stage },
  ])
  setCurrentDetails(`**${stage}** · attachment ${ref.attachmentId} · attempt ${ref.attempt}${note === '' ? '' : `\n\n${note}`}`)
}
