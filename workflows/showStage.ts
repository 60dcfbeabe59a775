import { defineSearchAttributeKey } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { AttachmentRef, ScanStage } from './contract.ts'

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const attachmentKey = defineSearchAttributeKey('AttachmentId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

/** Says where the run is, for the Temporal UI and its search: ids and states only (law 7). */
export const showStage = (ref: AttachmentRef, stage: ScanStage, rounds: { round: number; failingSince: number | null }): void => {
  upsertSearchAttributes([
    { key: districtKey, value: ref.districtId },
    { key: attachmentKey, value: ref.attachmentId },
    { key: stageKey, value: stage },
  ])
  const since =
    rounds.failingSince === null ? '' : `\n\nfailing since ${new Date(rounds.failingSince).toISOString()}, rounds: ${rounds.round}`
  setCurrentDetails(`**${stage}** · attachment ${ref.attachmentId} · attempt ${ref.attempt}${since}`)
}
