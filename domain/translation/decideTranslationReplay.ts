import type { RunStanding } from '../decideReplay.ts'
import type { TranslationState } from './translationState.ts'

/**
 * What brings a translation on. `leave`: it is there, was cancelled, which is for its readers to ask for again, or its run is open and tries by itself. `wait`: nobody knows whether
 * its run is open.
 */
export type TranslationReplayDecision = 'replay' | 'start' | 'leave' | 'wait'

export const decideTranslationReplay = ({
  state,
  run,
  isStartWaiting,
}: {
  state: TranslationState
  run: RunStanding
  isStartWaiting: boolean
}): TranslationReplayDecision => {
  if (state === 'failed') return 'replay'
  if (state !== 'pending' || run === 'open') return 'leave'
  if (run === 'unknown') return 'wait'
  return run === 'none' && isStartWaiting ? 'start' : 'replay'
}
