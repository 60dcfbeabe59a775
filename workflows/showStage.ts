import { defineSearchAttributeKey } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { AttachmentRef, ScanStage } from './contract.ts'

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const attachmentKey = defineSearchAttributeKey('AttachmentId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

type Subject = Pick<AttachmentRef, 'districtId' | 'attachmentId'> & { attempt?: number }

/** Says where the run is, for the Temporal UI and its search: ids, states and counts only (law 7). */
export const showStage = (ref: Subject, stage: ScanStage, note = ''): void => {
  upsertSearchAttributes([
    { key: districtKey, value: ref.districtId },
    { key: attachmentKey, value: ref.attachmentId },
    { key: stageKey, value: stage },
  ])
  const attempt = ref.attempt === undefined ? '' : ` · attempt ${ref.attempt}`
  setCurrentDetails(`**${stage}** · attachment ${ref.attachmentId}${attempt}${note === '' ? '' : `\n\n${note}`}`)
}
