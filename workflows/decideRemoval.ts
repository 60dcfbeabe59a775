import { allHandlersFinished, ApplicationFailure, condition, makeContinueAsNewFunc, proxyLocalActivities } from '@temporalio/workflow'
import type { RosterActivities } from '../activities/roster/createRosterActivities.ts'
import type { RemovalNews } from '../domain/roster/removalNotice.ts'
import type { RemovalRef, RosterPace } from './contract.ts'
import { createPauses, type Pause } from './createPauses.ts'
import { findIncurable, isTransient, type Incurable } from './findIncurable.ts'
import { proxyRosterActivities } from './proxyRosterActivities.ts'
import { showRosterStage } from './showRosterStage.ts'

/** `lifted`: later sources named or ended all of it. `none`: the sync held nothing. */
export type RemovalOutcome = { outcome: 'approved' | 'discarded' | 'lifted' | 'none' }

/** Carried over a continue-as-new: who has heard of what. */
export type RemovalSoFar = {
  isTold: boolean
  isAlerted: boolean
  isToldAgain: boolean
  /** Why somebody will never hear of it. The run then ends as failed, so that it is seen. */
  failure: Incurable | null
}

type Removal = { ref: RemovalRef; pace: RosterPace; act: ReturnType<typeof proxyRosterActivities>; memory: RemovalSoFar; pause: Pause }

/**
 * Waits until the district has decided on removals that the brake holds, and puts the decision into effect. Its administrators are told at once; after a day
 * of silence they are told again, and the engineers too. Nothing waits for this run: access has ended, and later syncs and events go their way.
 */
export async function decideRemoval(ref: RemovalRef, soFar: RemovalSoFar | null = null): Promise<RemovalOutcome> {
  const { readRosterPace } = proxyLocalActivities<RosterActivities>({ startToCloseTimeout: '10 seconds' })
  const pace = await readRosterPace()
  const memory: RemovalSoFar = soFar ?? { isTold: false, isAlerted: false, isToldAgain: false, failure: null }
  const act = proxyRosterActivities(pace)
  const goOn = makeContinueAsNewFunc<typeof decideRemoval>({ initialVersioningBehavior: 'AUTO_UPGRADE' })
  const pause = createPauses(pace, () => goOn(ref, memory))
  const removal = { ref, pace, act, memory, pause }
  try {
    for (;;) {
      const look = await act.lookAtRemovals(ref)
      if (look.outcome === 'decided') {
        showRosterStage(ref, 'settling')
        await act.settleRemovals(ref)
        continue
      }
      if (look.outcome !== 'waiting') {
        await finish(removal)
        return { outcome: look.outcome }
      }
      await tellWhoMustKnow(removal, look.isOverdue)
      showRosterStage(ref, 'deciding')
      await pause(pace.decisionWaitMs)
    }
  } finally {
    await condition(allHandlersFinished)
  }
}

/** How long it has waited, the database says: no clock of this run decides. Whoever cannot be reached now is tried again at the next look; nobody waits for the other. */
const tellWhoMustKnow = async ({ ref, act, memory }: Removal, isOverdue: boolean): Promise<void> => {
  const tell = (news: RemovalNews): Promise<unknown> => act.tellAdministrators(ref, news)
  if (!memory.isTold) memory.isTold = await isThrough(memory, tell('held'))
  if (!isOverdue) return
  if (!memory.isAlerted) memory.isAlerted = await isThrough(memory, act.alertUndecided(ref))
  if (!memory.isToldAgain) memory.isToldAgain = await isThrough(memory, tell('undecided'))
}

/** Done, or never to be. */
const isThrough = async (memory: RemovalSoFar, step: Promise<unknown>): Promise<boolean> => {
  try {
    await step
  } catch (error) {
    if (isTransient(error)) return false
    const failure = findIncurable(error)
    if (failure === null) throw error
    memory.failure ??= failure
  }
  return true
}

/** Whoever was paged hears that it is over. */
const finish = async ({ ref, pace, act, memory, pause }: Removal): Promise<void> => {
  while (memory.isAlerted && !(await isThrough(memory, act.alertUndecided(ref)))) await pause(pace.decisionWaitMs)
  showRosterStage(ref, 'done')
  if (memory.failure !== null) throw ApplicationFailure.nonRetryable(memory.failure.message, memory.failure.type)
}
