import { Context } from '@temporalio/activity'

const everyMs = 1_000

/**
 * Runs long work while the server is told that this worker lives; the heartbeat is also how a cancellation arrives.
 * `signal` aborts on cancellation and on shutdown of the worker; pass it to everything that streams.
 */
export const whileHeartbeating = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const context = Context.current()
  const timer = setInterval(() => context.heartbeat(), everyMs)
  try {
    return await work(context.cancellationSignal)
  } catch (error) {
    // A stream that broke because we were cancelled is a cancellation, not a fault.
    if (context.cancellationSignal.aborted) await context.cancelled
    throw error
  } finally {
    clearInterval(timer)
  }
}
