import { z } from '@hono/zod-openapi'
import { apiClientLimits } from '../../domain/apiClients.ts'

const word = z.string().max(300)

/** RFC 6749 wants what it does not know to be passed over, so the form is not strict; a field that is there twice is an error. */
export const tokenForm = z
  .object({
    grant_type: word.openapi({ example: 'client_credentials' }),
    scope: word.optional().openapi({ description: 'Words between blanks; without it, all that the machine may', example: 'roster.write' }),
    client_id: word.optional().openapi({ description: 'When HTTP Basic is not used' }),
    client_secret: word.optional(),
  })
  .openapi('TokenRequest')

export const tokenSchema = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().openapi({ description: 'Seconds', example: apiClientLimits.tokenSeconds }),
    scope: z.string().openapi({ example: 'roster.read roster.write' }),
  })
  .openapi('Token')

export const oauthErrorSchema = z
  .object({ error: z.enum(['invalid_request', 'invalid_client', 'unsupported_grant_type', 'invalid_scope', 'slow_down']) })
  .openapi('OAuthError')
