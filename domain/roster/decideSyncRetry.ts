import type { ReplayDecision, RunStanding } from '../decideReplay.ts'

/**
 * How a sync is brought on. A sync that failed is over; one that is queued or running goes on by itself while its run is open, since feeds wait for their
 * turn. Silence of the server is no end. Decisions are those of `decideReplay`.
 */
export const decideSyncRetry = ({
  state,
  run,
  isStartWaiting,
}: {
  state: string
  run: RunStanding
  isStartWaiting: boolean
}): ReplayDecision => {
  if (state === 'failed') return 'replay'
  if (state !== 'queued' && state !== 'running') return 'leave'
  if (run === 'open') return 'wake'
  if (run === 'unknown') return 'wait'
  return run === 'none' && isStartWaiting ? 'start' : 'replay'
}
