/** The options that several commands take: what may be typed, and what is expected otherwise. */
import { z } from 'zod'

/** An id of ours. */
export const id = z.uuid({ error: 'expected an id, such as 0198c1d2-…' }).toLowerCase()

const secondsIn = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `90s`, `30m`, `2h`, `7d`: seconds, at most a year. */
export const span = z
  .string()
  .regex(/^\d{1,7}[smhd]$/, { error: 'expected a span of time, such as 90s, 30m, 2h or 7d' })
  .transform((text) => Number(text.slice(0, -1)) * secondsIn[text.slice(-1) as keyof typeof secondsIn])
  .refine((seconds) => seconds <= 366 * 86_400, { error: 'expected a year at most' })

export const limit = (most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, { error: `expected a number from 1 to ${most}` })
    .transform(Number)
    .refine((count) => count >= 1 && count <= most, { error: `expected a number from 1 to ${most}` })
    .default(otherwise)

/** Without it nothing is changed. */
export const apply = z.boolean().default(false)

/** Why, as it will stand in the audit log. */
export const reasonRequired = z
  .string({ error: 'expected why, in at most 500 characters: it stands in the audit log' })
  .trim()
  .min(1, { error: 'expected why, in at most 500 characters: it stands in the audit log' })
  .max(500, { error: 'expected at most 500 characters' })

/** The same of what may be asked without changing anything. */
export const reason = reasonRequired.optional()
