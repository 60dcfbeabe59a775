import { defineQuery, setHandler } from '@temporalio/workflow'
import { getProgressQuery, type ScanProgress, type ScanStage } from './contract.ts'

const getProgress = defineQuery<ScanProgress>(getProgressQuery)

/** What of a run outlives a continue-as-new: when the first of its line began (milliseconds since 1970), how many rounds failed, how often the file
 * broke off in the middle, and when first, and whether it was shown as delayed. */
export type RoundsSoFar = { startedAt: number; round: number; interruptions?: number; interruptedAt?: number; isDelayed?: boolean }

/** The stage that the run is in, and the one that is shown for it, once one is. */
export type Progress = { current: ScanStage; shown: ScanStage | null }

/**
 * Answers `getProgress` from what the run keeps in the result, from its first moment on. To be called before a workflow waits for anything: a signal that
 * comes before its handler is kept for it, a query is refused (QueryNotRegistered), and who asks of a run that just continued as new is told so.
 */
export const answerProgress = (memory: RoundsSoFar): Progress => {
  const progress: Progress = { current: 'pinning', shown: null }
  setHandler(getProgress, () => {
    const stage = progress.shown ?? (memory.isDelayed === true ? 'delayed' : progress.current)
    return { stage, round: memory.round, delayedSince: stage === 'delayed' ? new Date(memory.startedAt).toISOString() : null }
  })
  return progress
}
