import type { ActivityFailure } from '@temporalio/workflow'
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  makeContinueAsNewFunc,
  proxyLocalActivities,
  TimeoutFailure,
} from '@temporalio/workflow'
import type { FeedOutcome } from '../activities/roster/applyFeed.ts'
import type { RosterActivities } from '../activities/roster/createRosterActivities.ts'
import { feedTooLarge, type RosterPace, type SyncRef } from './contract.ts'
import { createPauses, type Pause } from './createPauses.ts'
import { findIncurable, isTransient } from './findIncurable.ts'
import { proxyRosterActivities } from './proxyRosterActivities.ts'
import { showRosterStage } from './showRosterStage.ts'

/** `no-feed`: nothing was uploaded, and the ticket waits again. */
export type SyncOutcome = { outcome: FeedOutcome['outcome'] | 'no-feed' }

/** Carried over a continue-as-new: how many rounds of applying failed, and how many of them broke off in the middle. */
export type SyncSoFar = { round: number; interruptions: number }

type Sync = { ref: SyncRef; pace: RosterPace; act: ReturnType<typeof proxyRosterActivities>; memory: SyncSoFar; pause: Pause }

/**
 * Brings one feed of a district into its roster: waits until it is the oldest and none runs, applies it, and wakes the next one. Outages are waited out.
 * Only an incurable fault of ours ends the run as failed, after the row says so, and the next one has its turn.
 */
export async function syncRoster(ref: SyncRef, soFar: SyncSoFar | null = null): Promise<SyncOutcome> {
  const memory: SyncSoFar = soFar ?? { round: 0, interruptions: 0 }
  const { readRosterPace } = proxyLocalActivities<RosterActivities>({ startToCloseTimeout: '10 seconds' })
  const pace = await readRosterPace()
  const act = proxyRosterActivities(pace)
  // A wait ends on the newest code: a run that continues is a new run (servers that do not know this keep the version).
  const goOn = makeContinueAsNewFunc<typeof syncRoster>({ initialVersioningBehavior: 'AUTO_UPGRADE' })
  const pause = createPauses(pace, () => goOn(ref, memory))
  try {
    const end = await syncOnce({ ref, pace, act, memory, pause })
    // One that began nothing leaves the turn where it was.
    if (end.outcome !== 'superseded' && end.outcome !== 'no-feed') await act.wakeNextSync(ref.districtId)
    showRosterStage(ref, 'done', end.outcome)
    return end
  } catch (error) {
    const failure = findIncurable(error)
    if (failure === null) throw error
    await act.failRosterSync(ref, failure.type)
    await act.wakeNextSync(ref.districtId)
    throw ApplicationFailure.nonRetryable(failure.message, failure.type)
  } finally {
    await condition(allHandlersFinished)
  }
}

const syncOnce = async (sync: Sync): Promise<SyncOutcome> => {
  const { ref, pace, act, pause } = sync
  showRosterStage(ref, 'waiting')
  for (;;) {
    const turn = await act.takeTurn(ref)
    if (turn.outcome === 'claimed') return applyInRounds(sync)
    if (turn.outcome !== 'waiting') return { outcome: turn.outcome }
    await pause(pace.turnWaitMs)
  }
}

const applyInRounds = async ({ ref, pace, act, memory, pause }: Sync): Promise<FeedOutcome> => {
  for (;;) {
    showRosterStage(ref, 'applying')
    try {
      return await act.applyFeed(ref)
    } catch (error) {
      if (findIncurable(error)?.type === 'Superseded') return { outcome: 'superseded' }
      if (!isTransient(error)) throw error
      if (isInterruption(error)) countInterruption(memory, pace, error)
    }
    memory.round += 1
    showRosterStage(ref, 'delayed', `rounds that failed: ${memory.round} · broke off in the middle: ${memory.interruptions}`)
    await pause(Math.min(pace.waitBetweenRoundsMs, pace.waitBetweenTriesMs * 2 ** (memory.round - 1)))
  }
}

/** The worker that had it died, or the time or the room ran out, ours or the database's: it may be the feed's doing. */
const isInterruption = (failure: ActivityFailure): boolean =>
  (failure.cause instanceof TimeoutFailure &&
    (failure.cause.timeoutType === 'START_TO_CLOSE' || failure.cause.timeoutType === 'HEARTBEAT')) ||
  isTooLarge(failure)

const isTooLarge = ({ cause }: ActivityFailure): boolean => cause instanceof ApplicationFailure && cause.type === feedTooLarge

/** @throws when it is once too often: a feed that kills its worker, or that the database does not get through, keeps all others of its district waiting. */
const countInterruption = (memory: SyncSoFar, { interruptionsMax }: RosterPace, failure: ActivityFailure): void => {
  memory.interruptions += 1
  if (memory.interruptions < interruptionsMax) return
  if (isTooLarge(failure))
    throw ApplicationFailure.nonRetryable('the database did not get through this feed, again and again', feedTooLarge)
  throw ApplicationFailure.nonRetryable('the sync of this feed broke off in the middle again and again', 'SyncKeepsBreaking')
}
