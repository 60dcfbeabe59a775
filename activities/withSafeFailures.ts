import { ApplicationFailure, CancelledFailure, log } from '@temporalio/activity'
import { toLoggableFault } from '../domain/toLoggableFault.ts'

type Activity = (...input: never[]) => Promise<unknown>

/**
 * Wraps activities so that what they throw can be kept for 90 days and read by engineers (law 7): a failure carries its type and
 * words of ours, never a driver's message, which may quote a value. Whatever is not an ApplicationFailure is retryable (law 4).
 */
export const withSafeFailures = <T extends Record<string, Activity>>(activities: T): T =>
  Object.fromEntries(Object.entries(activities).map(([name, activity]) => [name, guard(activity)])) as T

const guard =
  (activity: Activity): Activity =>
  async (...input) => {
    try {
      return await activity(...input)
    } catch (error) {
      throw toSafeFailure(error)
    }
  }

const toSafeFailure = (error: unknown): Error => {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error
  const [{ name, code = null, frames }, ...causes] = toLoggableFault(error)
  log.warn('activity failed', { fault: name, code, frames, causes: causes.map((cause) => cause.name) })
  return ApplicationFailure.retryable(code === null ? name : `${name} (${code})`, name)
}
