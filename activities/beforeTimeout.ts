import { activityInfo } from '@temporalio/activity'

/** Enough to say how it ended, before the server gives this try up without a word. */
const marginMs = 5_000

/**
 * `signal`, which also aborts with a TimeoutError a little before this try's time runs out. For what waits for a store or an engine: the try then ends with a
 * failure that says whom it waited for, where a time-out of the server's would be held against the file. Call it when the try begins.
 */
export const beforeTimeout = (signal: AbortSignal): AbortSignal => {
  const { startToCloseTimeoutMs } = activityInfo()
  return AbortSignal.any([signal, AbortSignal.timeout(startToCloseTimeoutMs - Math.min(marginMs, startToCloseTimeoutMs / 10))])
}
