import type { ActivityFailure } from '@temporalio/workflow'
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  makeContinueAsNewFunc,
  setHandler,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow'
import type { StreamActivities } from '../activities/createStreamActivities.ts'
import type { Progress, RoundsSoFar } from './answerProgress.ts'
import { retryNowSignal, type AttachmentRef, type ScanPace, type ScanStage } from './contract.ts'
import { isTransient } from './findIncurable.ts'
import { showStage } from './showStage.ts'

const retryNow = defineSignal(retryNowSignal)

export type Rounds = {
  /** Does `act`, round after round, until it succeeds. Throws only what is incurable, a cancellation, or the continue-as-new. */
  attempt<T>(stage: ScanStage, act: () => Promise<T>): Promise<T>
  /** Says that the run is done. */
  finish(): void
}

const streamed: ReadonlySet<string> = new Set<keyof StreamActivities>(['inspectObject', 'releaseObject', 'quarantineObject'])

/**
 * Whether it may be the file's doing: a proven engine went away or gave no verdict in its middle, the worker that had it died, or the time ran out.
 * An engine, a store or a database that cannot be reached is nobody's doing, nor is a store that is too slow (`activities/beforeTimeout.ts`).
 */
const isInterruption = ({ activityType, cause }: ActivityFailure): boolean => {
  if (!streamed.has(activityType)) return false
  if (cause instanceof TimeoutFailure) return cause.timeoutType === 'START_TO_CLOSE' || cause.timeoutType === 'HEARTBEAT'
  return cause instanceof ApplicationFailure && cause.type === 'ScanInterrupted'
}

/**
 * Rounds of attempts with waits between them that `retryNow` cuts short. `memory` is handed whole to the run that this one continues as;
 * `meanwhile` is done before each wait, so that nobody is kept waiting for what another step waits for.
 */
export const createRounds = (
  ref: AttachmentRef,
  pace: ScanPace,
  memory: RoundsSoFar,
  progress: Progress,
  meanwhile: () => Promise<void>,
): Rounds => {
  const show = createDisplay(ref, pace, memory, progress)
  // A wait of days ends on the newest code: a run that continues is a new run (servers that do not know this keep the version).
  const goOn = makeContinueAsNewFunc<(ref: AttachmentRef, memory: RoundsSoFar) => Promise<unknown>>({
    initialVersioningBehavior: 'AUTO_UPGRADE',
  })
  const wait = createWait(pace, memory, () => goOn(ref, memory))
  return {
    attempt: async (stage, attemptOnce) => {
      show(stage)
      for (;;) {
        try {
          return await attemptOnce()
        } catch (error) {
          if (!isTransient(error)) throw error
          if (isInterruption(error)) countInterruption(memory, pace)
        }
        memory.round += 1
        if (stage !== 'telling') await meanwhile()
        await wait()
      }
    },
    finish: () => show('done'),
  }
}

/** @throws when it is once too often, and was for too long to be an outage: then the file is set aside as failed, until somebody replays it. */
const countInterruption = (memory: RoundsSoFar, { interruptionsMax = Infinity, setAsideAfterMs = 0 }: ScanPace): void => {
  memory.interruptions = (memory.interruptions ?? 0) + 1
  memory.interruptedAt ??= Date.now()
  if (memory.interruptions < interruptionsMax || Date.now() - memory.interruptedAt < setAsideAfterMs) return
  throw ApplicationFailure.nonRetryable('the scan of this file broke off in the middle again and again', 'ScanKeepsBreaking')
}

/** Keeps what the Temporal UI and `getProgress` show: after `delayedAfterMs` that is `delayed`, whatever the run waits for, a worker included. */
const createDisplay = (ref: AttachmentRef, pace: ScanPace, memory: RoundsSoFar, progress: Progress): ((stage: ScanStage) => void) => {
  const delayedAt = memory.startedAt + pace.delayedAfterMs
  memory.isDelayed = Date.now() >= delayedAt
  const show = (stage: ScanStage): void => {
    progress.current = stage
    const visible = memory.isDelayed === true && stage !== 'done' ? 'delayed' : stage
    if (visible === progress.shown) return
    progress.shown = visible
    showStage(ref, visible, toNote(memory))
  }
  const watchClock = async (): Promise<void> => {
    await sleep(delayedAt - Date.now())
    memory.isDelayed = true
    if (progress.current !== 'done') show(progress.current)
  }
  if (!memory.isDelayed) void CancellationScope.nonCancellable(watchClock)
  return show
}

const toNote = ({ round, interruptions = 0 }: RoundsSoFar): string => {
  if (round === 0) return ''
  return `rounds that failed: ${round}${interruptions === 0 ? '' : ` · broke off in the middle: ${interruptions}, in isolation now`}`
}

/** The wait between rounds. After `roundsPerRun` waits the run continues as a new one, so that no history grows without end. */
const createWait = (pace: ScanPace, memory: RoundsSoFar, goOnAsNew: () => Promise<never>): (() => Promise<void>) => {
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
    await condition(() => isWoken, Math.min(pace.waitBetweenRoundsMs, pace.waitBetweenTriesMs * 2 ** (memory.round - 1)))
    isWoken = false
  }
}
