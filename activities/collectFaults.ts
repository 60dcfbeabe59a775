import { ApplicationFailure, log } from '@temporalio/activity'

/** Lets a sweep go on behind an item that fails. */
export type Faults = {
  /** Does `act` for one item. Null when it failed. Throws only when the sweep itself is to stop. */
  attempt<T>(act: () => Promise<T>): Promise<T | null>
  /** @throws ApplicationFailure with the counts when anything failed. Not to be tried again: the schedule comes back to all of it. */
  throwIfAny(): void
}

/** Counts the items of one sweep that failed, so that one of them stops none of the others and is seen all the same. */
export const collectFaults = (signal: AbortSignal): Faults => {
  let tried = 0
  const kinds = new Map<string, number>()
  return {
    attempt: async (act) => {
      signal.throwIfAborted()
      tried += 1
      try {
        return await act()
      } catch (error) {
        signal.throwIfAborted()
        const kind = error instanceof Error ? error.name : 'Unknown'
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        return null
      }
    },
    throwIfAny: () => {
      if (kinds.size === 0) return
      const failed = [...kinds.values()].reduce((sum, count) => sum + count, 0)
      log.warn('items of a sweep failed', { failed, tried, kinds: Object.fromEntries(kinds) })
      throw ApplicationFailure.nonRetryable(`${failed} of ${tried} failed: ${[...kinds.keys()].join(', ')}`, 'ItemsFailed')
    },
  }
}
