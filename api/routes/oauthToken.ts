import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { findApiClientSecrets, type ApiClientSecrets } from '../../db/queries/findApiClientSecrets.ts'
import { issueClientToken } from '../../db/queries/issueClientToken.ts'
import { apiClientLimits, toGrantedScopes } from '../../domain/apiClients.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { createGuessLimit, type GuessLimit } from '../limitGuesses.ts'
import { clientTokenPrefix, hashToken } from '../middleware/authenticate.ts'
import { oauthErrorSchema, tokenForm, tokenSchema } from '../schemas/oauthSchema.ts'
import { parseClientCredentials, type ClientCredentials } from '../parseClientCredentials.ts'

const errorContent = { 'application/json': { schema: oauthErrorSchema } }

const tokenRoute = createRoute({
  method: 'post',
  path: '/oauth/token',
  operationId: 'createToken',
  summary: 'A machine of a district gets a token for an hour',
  description:
    'Client credentials of OAuth 2.0 (RFC 6749, 4.4). The machine names itself by HTTP Basic or in the form. Errors are those of RFC 6749, 5.2, and no problem documents.',
  tags: ['machines'],
  security: [],
  request: { body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: tokenForm } } } },
  responses: {
    200: { description: 'The token', content: { 'application/json': { schema: tokenSchema } } },
    400: { description: 'The request is not one of these', content: errorContent },
    401: { description: 'No such machine, or not its secret', content: errorContent },
    429: { description: 'Too many wrong secrets from this address; Retry-After says when to come back', content: errorContent },
  },
})

/** A machine that proved itself, and the hash that its secret was held against. */
type Proven = { client: ApiClientSecrets; provenBy: Buffer }

/** Compares with both hashes in any case, and with a stranger's when there is no such machine: the time says nothing. */
const prove = async ({ auth }: Pick<ApiDeps, 'auth'>, { clientId, secret }: ClientCredentials): Promise<Proven | null> => {
  const isId = z.uuid().safeParse(clientId).success
  const client = isId ? await acrossDistricts(auth, (tx) => findApiClientSecrets(tx, clientId.toLowerCase())) : null
  const shown = createHash('sha256').update(secret).digest()
  const stranger = Buffer.alloc(shown.length)
  const isCurrent = timingSafeEqual(shown, client?.secretHash ?? stranger)
  const isPrevious = timingSafeEqual(shown, client?.previousSecretHash ?? stranger)
  return client !== null && (isCurrent || isPrevious) ? { client, provenBy: shown } : null
}

const issue = async (
  { app }: Pick<ApiDeps, 'app'>,
  { client, provenBy }: Proven,
  scopes: Parameters<typeof issueClientToken>[1]['scopes'],
) => {
  const token = `${clientTokenPrefix}${randomBytes(32).toString('base64url')}`
  const { districtId, clientId } = client
  const isIssued = await withDistrict(app, districtId, (tx) =>
    issueClientToken(tx, { clientId, provenBy, tokenHash: hashToken(token), scopes }),
  )
  return isIssued ? token : null
}

/** Who guesses, and at what. */
const toGuessKey = (c: Context<ApiEnv>, clientId: string): string => `${c.env.incoming.socket.remoteAddress ?? ''} ${clientId.slice(0, 64)}`

const noStore = { 'Cache-Control': 'no-store', Pragma: 'no-cache' }
const basicChallenge = { 'WWW-Authenticate': 'Basic realm="hallpass", charset="UTF-8"' }

/** Tokens for machines of districts. The district is found by the machine, through the role `auth`. */
export const oauthTokenRoute = (deps: Pick<ApiDeps, 'app' | 'auth'>, limit: GuessLimit = createGuessLimit()) => {
  const app = new OpenAPIHono<ApiEnv>()
  // A body that is no form does not come as far as its check.
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: 'invalid_request' }, 400, noStore)
    throw error
  })
  return app.openapi(
    tokenRoute,
    async (c) => {
      const form = c.req.valid('form')
      const credentials = parseClientCredentials(c.req.header('Authorization'), form)
      if (credentials === 'malformed') return c.json({ error: 'invalid_request' } as const, 400, noStore)
      if (credentials === null) return c.json({ error: 'invalid_client' } as const, 401, { ...noStore, ...basicChallenge })
      if (form.grant_type !== 'client_credentials') return c.json({ error: 'unsupported_grant_type' } as const, 400, noStore)
      const key = toGuessKey(c, credentials.clientId)
      const waitSeconds = limit.waitSeconds(key, performance.now())
      if (waitSeconds !== null) return c.json({ error: 'slow_down' } as const, 429, { ...noStore, 'Retry-After': String(waitSeconds) })
      const proven = await prove(deps, credentials)
      if (proven === null) {
        limit.failed(key, performance.now())
        return c.json({ error: 'invalid_client' } as const, 401, { ...noStore, ...basicChallenge })
      }
      const scopes = toGrantedScopes(proven.client.scopes, form.scope)
      if (scopes === null) return c.json({ error: 'invalid_scope' } as const, 400, noStore)
      const token = await issue(deps, proven, scopes)
      // Ended or rotated away in between.
      if (token === null) return c.json({ error: 'invalid_client' } as const, 401, { ...noStore, ...basicChallenge })
      return c.json(
        { access_token: token, token_type: 'Bearer' as const, expires_in: apiClientLimits.tokenSeconds, scope: scopes.join(' ') },
        200,
        noStore,
      )
    },
    (result, c) => (result.success ? undefined : c.json({ error: 'invalid_request' } as const, 400, noStore)),
  )
}
