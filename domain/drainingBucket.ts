/**
 * A quota of a day is a bucket that drains evenly: what is asked for fills it, and it empties within 24 hours, so that nobody waits for midnight. What was asked for counts, whatever
 * becomes of it.
 */
export type Draining = {
  /** How full it is, drained up to now. */
  used: number
  cost: number
  perDay: number
}

const secondsPerDay = 86_400

/** Seconds until it has drained so far that `cost` fits; none, or less, when it fits now. */
export const secondsUntilFits = ({ used, cost, perDay }: Draining): number => ((used + cost - perDay) / perDay) * secondsPerDay

/** Whole seconds to wait, at least 1: what a `Retry-After` says. The last of a wait of more than a day may be waited for again. */
export const toRetryAfter = (seconds: number): number => Math.min(secondsPerDay, Math.max(1, Math.ceil(seconds)))
