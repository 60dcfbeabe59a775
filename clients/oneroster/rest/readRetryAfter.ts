import type { GuardedAnswer } from '../../guardedFetch/createGuardedFetch.ts'

/** How long the answer asks to wait (RFC 9110, 10.2.3: seconds, or a date), in milliseconds. Null when it says nothing that can be understood. */
export const readRetryAfter = ({ headers }: Pick<GuardedAnswer, 'headers'>, now: number = Date.now()): number | null => {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const at = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(at - now, 0)
}
