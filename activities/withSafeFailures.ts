import { ApplicationFailure, CancelledFailure, log } from '@temporalio/activity'

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
  const type = error instanceof Error ? error.name : 'Unknown'
  log.warn('activity failed', { fault: type, code: toCode(error), frames: toFrames(error) })
  return ApplicationFailure.retryable(`${type}${toCode(error) === null ? '' : ` (${toCode(error)})`}`, type)
}

/** Driver codes (`ECONNREFUSED`, SQLSTATE) are enums; anything longer or stranger is not repeated. */
const toCode = (error: unknown): string | null => {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : null
}

/** Where it happened, without the message that a stack starts with. */
const toFrames = (error: unknown): string[] =>
  error instanceof Error
    ? (error.stack ?? '')
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 6)
    : []
