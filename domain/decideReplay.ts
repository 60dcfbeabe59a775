import { attachmentActions, type AttachmentState } from './attachment.ts'

/** What the server knows of the run of the row's current attempt. `none`: nothing under its id, or no longer. `unknown`: the server did not answer. */
export type RunStanding = 'open' | 'closed' | 'none' | 'unknown'

export type ReplayFacts = {
  state: AttachmentState
  run: RunStanding
  /** Whether the start of that run still stands in the outbox. */
  isStartWaiting: boolean
}

/**
 * How a scan is brought on. `wake`: its run is open, so its wait is cut short. `start`: its run was never started. `replay`: the next attempt, since
 * this one has failed or lost its run. `wait`: nobody knows whether its run is open; silence is not an end. `leave`: it needs no scan any more.
 */
export type ReplayDecision = 'wake' | 'start' | 'replay' | 'wait' | 'leave'

/**
 * A run that failed is over, whatever was done to it by hand since: what its row does not wait for can change nothing. Otherwise an open run,
 * one that was reset included, goes on by itself.
 */
export const decideReplay = ({ state, run, isStartWaiting }: ReplayFacts): ReplayDecision => {
  if (!(attachmentActions.replay as readonly AttachmentState[]).includes(state)) return 'leave'
  if (state !== 'scanning') return 'replay'
  if (run === 'open') return 'wake'
  if (run === 'unknown') return 'wait'
  // A run that has ended is never started again under its id, whatever the outbox still says.
  return run === 'none' && isStartWaiting ? 'start' : 'replay'
}
