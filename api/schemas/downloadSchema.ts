import { z } from '@hono/zod-openapi'

const binary = { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } }

/** The answers that carry bytes of a file. */
export const downloadResponses = {
  200: { description: 'The file, as an attachment', content: binary },
  206: { description: 'The range that was asked for', content: binary },
}
