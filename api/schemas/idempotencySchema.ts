import { z } from '@hono/zod-openapi'

/**
 * The IETF draft's header. The same key with the same request answers as the first time; with another request it is refused.
 * Optional: without it a repeated request is new work.
 */
export const idempotencyHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, { error: 'Use 1 to 255 visible ASCII characters.' })
    .optional()
    .openapi({ description: 'Makes repeating the request safe', example: 'a1f6c9d0-54f2-4c57-9d61-9c0b6a1f2e33' }),
})
