import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  log,
  setHandler,
} from '@temporalio/workflow'
import type { Inspection } from '../activities/inspection.ts'
import { getProgressQuery, retryNowSignal, type AttachmentRef, type ScanPace, type ScanProgress, type ScanStage } from './contract.ts'
import type { PacedActivities } from './proxyAttachmentActivities.ts'
import { showStage } from './showStage.ts'

export const retryNow = defineSignal(retryNowSignal)
export const getProgress = defineQuery<ScanProgress>(getProgressQuery)

/**
 * `failingStage` fails since `failingSince` (milliseconds since 1970); another stage's success says nothing about it.
 * `openOutage` is the alert that was raised and not yet resolved.
 */
export type RoundsSoFar = { round: number; failingStage: ScanStage | null; failingSince: number | null; openOutage: string | null }

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

/** One key per kind of outage, so that many waiting runs make one alert. */
const toOutageKey = (error: ActivityFailure): string => {
  const type = error.cause instanceof ApplicationFailure ? (error.cause.type ?? '') : ''
  return type.startsWith('Scanner') ? 'scanner-down' : 'attachments-delayed'
}

/**
 * Rounds of attempts with waits between them that `retryNow` cuts short. After `delayedAfterMs` of failing the run says
 * `Stage=delayed` and raises its alert, but only right after a round failed: an outage that has ended is never announced.
 */
export const createRounds = (
  ref: AttachmentRef,
  pace: ScanPace,
  act: PacedActivities,
  soFar: { rounds: RoundsSoFar; recorded: Inspection | null } | null,
): Rounds => {
  const state: RoundsSoFar = { ...(soFar?.rounds ?? { round: 0, failingStage: null, failingSince: null, openOutage: null }) }
  let recorded = soFar?.recorded ?? null
  let stage: ScanStage | null = null
  let roundsHere = 0
  let isWoken = false
  setHandler(retryNow, () => {
    isWoken = true
  })
  setHandler(getProgress, () => ({
    stage: stage ?? 'pinning',
    round: state.round,
    delayedSince: stage === 'delayed' ? toTime(state.failingSince) : null,
  }))

  const show = (next: ScanStage): void => {
    if (next === stage) return
    stage = next
    showStage(ref, stage, state)
  }

  const resolveOutage = async (): Promise<void> => {
    if (state.openOutage === null) return
    await act.resolveOutage(ref, state.openOutage)
    state.openOutage = null
  }

  const noteFailure = async (failed: ScanStage, error: ActivityFailure): Promise<void> => {
    state.round += 1
    roundsHere += 1
    state.failingStage = failed
    state.failingSince ??= Date.now()
    if (Date.now() - state.failingSince < pace.delayedAfterMs) return
    show('delayed')
    if (state.openOutage !== null) return
    const key = toOutageKey(error)
    try {
      await act.raiseOutage(ref, key)
      state.openOutage = key
    } catch (fault) {
      rethrowCancellation(fault)
      log.warn('outage alert not raised; the next failed round tries again')
    }
  }

  const noteSuccess = async (succeeded: ScanStage): Promise<void> => {
    if (state.failingStage !== null && state.failingStage !== succeeded) return
    state.failingStage = null
    state.failingSince = null
    try {
      await resolveOutage()
    } catch (fault) {
      rethrowCancellation(fault)
      log.warn('outage alert not resolved; tried again at the next step')
    }
  }

  const waitForNextRound = async (): Promise<void> => {
    if (roundsHere >= pace.roundsPerRun) {
      await condition(allHandlersFinished)
      await continueAsNew(ref, { rounds: state, recorded })
    }
    await condition(() => isWoken, pace.waitBetweenRoundsMs)
    isWoken = false
  }

  return {
    carry: (memory) => {
      recorded = memory.recorded
    },
    attempt: async (next, attemptOnce) => {
      for (;;) {
        if (stage !== 'delayed' || state.failingSince === null) show(next)
        try {
          const answer = await attemptOnce()
          await noteSuccess(next)
          return answer
        } catch (error) {
          if (!(error instanceof ActivityFailure) || isCancellation(error) || findIncurable(error) !== null) throw error
          await noteFailure(next, error)
        }
        await waitForNextRound()
      }
    },
    finish: async () => {
      // A run that ends while its stage still fails (its attachment was deleted) does not know that the outage is over.
      while (state.openOutage !== null && state.failingStage === null) {
        await noteSuccess('recording')
        if (state.openOutage !== null) await waitForNextRound()
      }
      show('done')
    },
  }
}

const rethrowCancellation = (error: unknown): void => {
  if (isCancellation(error)) throw error
}

const toTime = (milliseconds: number | null): string | null => (milliseconds === null ? null : new Date(milliseconds).toISOString())
