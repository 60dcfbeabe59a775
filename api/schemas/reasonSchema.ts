import { z } from '@hono/zod-openapi'

/** Why a privileged person does something: a sentence, which the audit log keeps. */
export const reasonSchema = z
  .string()
  .trim()
  .min(10, { error: 'Say why, in a sentence.' })
  .max(1_000)
  .refine((reason) => reason.isWellFormed() && !reason.includes('\u0000'), { error: 'The reason is not valid Unicode.' })
