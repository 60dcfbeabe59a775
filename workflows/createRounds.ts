import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setHandler,
  sleep,
} from '@temporalio/workflow'
import { getProgressQuery, retryNowSignal, type AttachmentRef, type ScanPace, type ScanProgress, type ScanStage } from './contract.ts'
import { showStage } from './showStage.ts'

const retryNow = defineSignal(retryNowSignal)
const getProgress = defineQuery<ScanProgress>(getProgressQuery)

/** What of a run outlives a continue-as-new: when the first of its line began (milliseconds since 1970), and how many rounds failed. */
export type RoundsSoFar = { startedAt: number; round: number }

export type Rounds = {
  /** Does `act`, round after round, until it succeeds. Throws only what is incurable, a cancellation, or the continue-as-new. */
  attempt<T>(stage: ScanStage, act: () => Promise<T>): Promise<T>
  /** Says that the run is done. */
  finish(): void
}

export type Incurable = { type: string; message: string }

/** The fault of ours that no repetition cures; null for outages, cancellations and everything else. */
export const findIncurable = (error: unknown): Incurable | null => {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure) || !error.cause.nonRetryable) return null
  return { type: error.cause.type ?? 'Unknown', message: error.cause.message }
}

/** An outage: it may pass, and is waited out. */
export const isTransient = (error: unknown): error is ActivityFailure =>
  error instanceof ActivityFailure && !isCancellation(error) && findIncurable(error) === null

/**
 * Rounds of attempts with waits between them that `retryNow` cuts short. `memory` is handed whole to the run that this one continues as;
 * `meanwhile` is done before each wait, so that nobody is kept waiting for what another step waits for.
 */
export const createRounds = (ref: AttachmentRef, pace: ScanPace, memory: RoundsSoFar, meanwhile: () => Promise<void>): Rounds => {
  const show = createDisplay(ref, pace, memory)
  const wait = createWait(pace, () => continueAsNew(ref, memory))
  return {
    attempt: async (stage, attemptOnce) => {
      show(stage)
      for (;;) {
        try {
          return await attemptOnce()
        } catch (error) {
          if (!isTransient(error)) throw error
        }
        memory.round += 1
        if (stage !== 'telling') await meanwhile()
        await wait()
      }
    },
    finish: () => show('done'),
  }
}

/** Keeps what the Temporal UI and `getProgress` show: after `delayedAfterMs` that is `delayed`, whatever the run waits for, a worker included. */
const createDisplay = (ref: AttachmentRef, pace: ScanPace, memory: RoundsSoFar): ((stage: ScanStage) => void) => {
  const delayedAt = memory.startedAt + pace.delayedAfterMs
  let current: ScanStage = 'pinning'
  let shown: ScanStage | null = null
  let isDelayed = Date.now() >= delayedAt
  const show = (stage: ScanStage): void => {
    current = stage
    const visible = isDelayed && stage !== 'done' ? 'delayed' : stage
    if (visible === shown) return
    shown = visible
    showStage(ref, visible, memory.round === 0 ? '' : `rounds that failed: ${memory.round}`)
  }
  const watchClock = async (): Promise<void> => {
    await sleep(delayedAt - Date.now())
    isDelayed = true
    if (current !== 'done') show(current)
  }
  if (!isDelayed) void CancellationScope.nonCancellable(watchClock)
  setHandler(getProgress, () => ({
    stage: shown ?? current,
    round: memory.round,
    delayedSince: shown === 'delayed' ? new Date(memory.startedAt).toISOString() : null,
  }))
  return show
}

/** The wait between rounds. After `roundsPerRun` waits the run continues as a new one, so that no history grows without end. */
const createWait = (pace: ScanPace, goOnAsNew: () => Promise<never>): (() => Promise<void>) => {
  let rounds = 0
  let isWoken = false
  setHandler(retryNow, () => {
    isWoken = true
  })
  return async () => {
    rounds += 1
    if (rounds >= pace.roundsPerRun) {
      await condition(allHandlersFinished)
      await goOnAsNew()
    }
    await condition(() => isWoken, pace.waitBetweenRoundsMs)
    isWoken = false
  }
}
