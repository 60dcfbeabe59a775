import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow'

export type Incurable = { type: string; message: string }

/** The fault of ours that no repetition cures; null for outages, cancellations and everything else. */
export const findIncurable = (error: unknown): Incurable | null => {
  const fault = error instanceof ActivityFailure ? error.cause : error
  if (!(fault instanceof ApplicationFailure) || !fault.nonRetryable) return null
  return { type: fault.type ?? 'Unknown', message: fault.message }
}

/** An outage: it may pass, and is waited out. */
export const isTransient = (error: unknown): error is ActivityFailure =>
  error instanceof ActivityFailure && !isCancellation(error) && findIncurable(error) === null
