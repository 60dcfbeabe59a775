import { Context } from '@temporalio/activity'

const everyMs = 1_000

/** How far long work has come, as a text of its own: told to the server, and known to the next try when this one is lost. */
export type Progress = { readonly start: string | null; reached(mark: string): void }

/**
 * Runs long work while the server is told that this worker lives; the heartbeat is also how a cancellation arrives.
 * `signal` aborts on cancellation and on shutdown of the worker; pass it to everything that streams.
 */
export const whileHeartbeating = async <T>(work: (signal: AbortSignal, progress: Progress) => Promise<T>): Promise<T> => {
  const context = Context.current()
  const details: unknown = context.info.heartbeatDetails
  let mark = typeof details === 'string' ? details : null
  const timer = setInterval(() => (mark === null ? context.heartbeat() : context.heartbeat(mark)), everyMs)
  try {
    return await work(context.cancellationSignal, {
      start: mark,
      reached: (next) => {
        mark = next
        context.heartbeat(mark)
      },
    })
  } catch (error) {
    // A stream that broke because we were cancelled is a cancellation, not a fault.
    if (context.cancellationSignal.aborted) await context.cancelled
    throw error
  } finally {
    clearInterval(timer)
  }
}
