import { allHandlersFinished, condition, defineSignal, setHandler } from '@temporalio/workflow'
import { lookNowSignal, type RosterPace } from './contract.ts'

const lookNow = defineSignal(lookNowSignal)

/** Waits this many milliseconds, or until somebody says that there is something to see. */
export type Pause = (ms: number) => Promise<void>

/**
 * Waits that `lookNow` cuts short. After `waitsPerRun` of them the run continues as a new one (`goOnAsNew`, which throws), so that no history grows
 * without end. A hint that comes while nobody waits cuts the next wait.
 */
export const createPauses = ({ waitsPerRun }: Pick<RosterPace, 'waitsPerRun'>, goOnAsNew: () => Promise<never>): Pause => {
  let waits = 0
  let isWoken = false
  setHandler(lookNow, () => {
    isWoken = true
  })
  return async (ms) => {
    waits += 1
    if (waits > waitsPerRun) {
      await condition(allHandlersFinished)
      await goOnAsNew()
    }
    await condition(() => isWoken, ms)
    isWoken = false
  }
}
