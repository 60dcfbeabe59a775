import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setHandler,
} from '@temporalio/workflow'
import type { Inspection } from '../activities/inspection.ts'
import { getProgressQuery, retryNowSignal, type AttachmentRef, type ScanPace, type ScanProgress, type ScanStage } from './contract.ts'
import { createOutage } from './createOutage.ts'
import type { PacedActivities } from './proxyAttachmentActivities.ts'
import { showStage } from './showStage.ts'

const retryNow = defineSignal(retryNowSignal)
const getProgress = defineQuery<ScanProgress>(getProgressQuery)

/**
 * `failingStage` fails since `failingSince` (milliseconds since 1970); another stage's success says nothing about it.
 * `openOutage` is the alert that was raised and not yet resolved.
 */
type RoundsSoFar = { round: number; failingStage: ScanStage | null; failingSince: number | null; openOutage: string | null }

/** Carried over a continue-as-new: how the outage stands, and what the row already says. */
export type ScanSoFar = { rounds: RoundsSoFar; recorded: Inspection | null }

export type Rounds = {
  /** Does `act`, round after round, until it succeeds. Throws only what is incurable, a cancellation, or the continue-as-new. */
  attempt<T>(stage: ScanStage, act: () => Promise<T>): Promise<T>
  /** What a continued run must know besides the rounds. */
  carry(memory: { recorded: Inspection }): void
  /** Resolves an alert that is still open, and says that the run is done. */
  finish(): Promise<void>
}

/** The fault of ours that no repetition cures; null for outages, cancellations and everything else. */
export const findIncurable = (error: unknown): { type: string; message: string } | null => {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure) || !error.cause.nonRetryable) return null
  return { type: error.cause.type ?? 'Unknown', message: error.cause.message }
}

const isTransient = (error: unknown): error is ActivityFailure =>
  error instanceof ActivityFailure && !isCancellation(error) && findIncurable(error) === null

/**
 * Rounds of attempts with waits between them that `retryNow` cuts short. After `delayedAfterMs` of failing the run says
 * `Stage=delayed` and raises its alert, but only right after a round failed: an outage that has ended is never announced.
 */
export const createRounds = (ref: AttachmentRef, pace: ScanPace, act: PacedActivities, soFar: ScanSoFar | null): Rounds => {
  const state = { round: 0, failingStage: null as ScanStage | null, failingSince: null as number | null, ...soFar?.rounds }
  const outage = createOutage(ref, act, soFar?.rounds.openOutage ?? null)
  const display = createDisplay(ref, state)
  const toSoFar = (): RoundsSoFar => ({ ...state, openOutage: outage.openKey() })
  let recorded = soFar?.recorded ?? null
  const wait = createWait(pace, () => continueAsNew(ref, { rounds: toSoFar(), recorded }))

  const noteFailure = async (failed: ScanStage, error: ActivityFailure): Promise<void> => {
    state.round += 1
    state.failingStage = failed
    state.failingSince ??= Date.now()
    if (Date.now() - state.failingSince < pace.delayedAfterMs) return
    display.show('delayed')
    await outage.raise(error)
  }

  const noteSuccess = async (succeeded: ScanStage): Promise<void> => {
    if (state.failingStage !== null && state.failingStage !== succeeded) return
    state.failingStage = null
    state.failingSince = null
    await outage.resolve()
  }

  return {
    carry: (memory) => {
      recorded = memory.recorded
    },
    attempt: async (stage, attemptOnce) => {
      for (;;) {
        if (state.failingSince === null || !display.isDelayed()) display.show(stage)
        try {
          const answer = await attemptOnce()
          await noteSuccess(stage)
          return answer
        } catch (error) {
          if (!isTransient(error)) throw error
          await noteFailure(stage, error)
        }
        await wait()
      }
    },
    finish: async () => {
      // A run that ends while its stage still fails (its attachment was deleted) does not know that the outage is over.
      while (outage.openKey() !== null && state.failingStage === null) {
        await outage.resolve()
        if (outage.openKey() !== null) await wait()
      }
      display.show('done')
    },
  }
}

/** Keeps what the Temporal UI and `getProgress` show. */
const createDisplay = (ref: AttachmentRef, state: { round: number; failingSince: number | null }) => {
  let shown: ScanStage | null = null
  setHandler(getProgress, () => ({
    stage: shown ?? 'pinning',
    round: state.round,
    delayedSince: shown === 'delayed' && state.failingSince !== null ? new Date(state.failingSince).toISOString() : null,
  }))
  return {
    isDelayed: () => shown === 'delayed',
    show: (stage: ScanStage): void => {
      if (stage === shown) return
      shown = stage
      showStage(ref, stage, state)
    },
  }
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
