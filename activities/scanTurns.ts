import pLimit from 'p-limit'

/**
 * Turns at the engine. Beside the files that have one, others find out what they work on, wait, or are stored: so the engine does not wait for a
 * store. What is large in memory (a picture, its pixels) is held in a turn and nowhere else.
 */
export type ScanTurns = {
  /**
   * Does `work` when it is its turn, first come, first served. `inTime` is `signal`, and also aborts with a TimeoutError when the time of the turn, which
   * begins with it, is over: for what waits for a store or an engine, so that the try says whom it waited for.
   * @throws the reason of `signal` when it aborts before
   */
  take<T>(signal: AbortSignal, work: (inTime: AbortSignal) => Promise<T>): Promise<T>
}

/** `atOnce` turns at a time, of `limitMs` each at most. */
export const createScanTurns = ({ atOnce, limitMs }: { atOnce: number; limitMs: number }): ScanTurns => {
  const limit = pLimit(atOnce)
  return {
    take: (signal, work) =>
      limit(() => {
        signal.throwIfAborted()
        return work(AbortSignal.any([signal, AbortSignal.timeout(limitMs)]))
      }),
  }
}
