type Count = { failures: number; until: number }

/** Within a minute from one address, for one machine. */
const limits = { failuresMax: 10, windowMs: 60_000, keptMax: 10_000 } as const

/** Whether somebody guesses too fast. `now` in milliseconds, of a clock that only goes on. */
export type GuessLimit = {
  /** Seconds to wait; null when the next guess may be made. */
  waitSeconds(key: string, now: number): number | null
  failed(key: string, now: number): void
}

/**
 * Counts guesses that failed, in this process. A key names who guesses (an address) and at what, so that nobody locks a machine out by guessing from
 * elsewhere. The secret itself is 256 random bits: this bounds the noise, not the odds. What is kept is bounded too; the oldest goes first.
 */
export const createGuessLimit = (): GuessLimit => {
  const counts = new Map<string, Count>()
  const find = (key: string, now: number): Count | undefined => {
    const count = counts.get(key)
    if (count === undefined || count.until > now) return count
    counts.delete(key)
    return undefined
  }
  return {
    waitSeconds: (key, now) => {
      const count = find(key, now)
      return count === undefined || count.failures < limits.failuresMax ? null : Math.ceil((count.until - now) / 1_000)
    },
    failed: (key, now) => {
      const count = find(key, now) ?? { failures: 0, until: now + limits.windowMs }
      counts.set(key, { ...count, failures: count.failures + 1 })
      if (counts.size <= limits.keptMax) return
      const [oldest] = counts.keys()
      if (oldest !== undefined) counts.delete(oldest)
    },
  }
}
