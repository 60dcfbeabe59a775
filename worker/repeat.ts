import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Does `work` again and again until the signal aborts, `everyMs` apart, never twice at once. A pass that fails is told to
 * `onFault` and the next one comes all the same. Resolves when the pass that was under way has ended.
 */
export const repeat = async (
  work: () => Promise<void>,
  options: { everyMs: number; signal: AbortSignal; onFault: (error: unknown) => void },
): Promise<void> => {
  const { everyMs, signal, onFault } = options
  while (!signal.aborted) {
    try {
      await work()
    } catch (error) {
      onFault(error)
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
