import { z } from '@hono/zod-openapi'

/** A time as Postgres writes it, to the microsecond. Rebuilt rather than passed on: a day that does not exist must not reach a cast. */
export const postgresTime = z
  .string()
  .regex(/^[12]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/)
  .transform((text, context) => {
    const second = new Date(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`)
    if (!Number.isNaN(second.getTime())) return `${second.toISOString().slice(0, 19)}${text.slice(19, -3)}Z`
    context.addIssue({ code: 'custom', message: 'no such time' })
    return z.NEVER
  })
