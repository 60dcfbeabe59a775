import { z } from 'zod'
import type { GuardedFetch } from '../../guardedFetch/createGuardedFetch.ts'
import { readRetryAfter } from './readRetryAfter.ts'
import { ProviderFault } from './providerFault.ts'
import type { Trouble } from './withPatience.ts'

/** Everything that is read; demographics has a scope of its own, which is never asked for. */
const scope = 'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly'

export type ClientCredentials = { tokenUrl: string; clientId: string; clientSecret: string }

export type TokenSource = {
  /** The token that holds now; a new one when the last is at its end. Trouble that may pass is answered, not thrown. @throws ProviderFault */
  current(signal: AbortSignal): Promise<string | Trouble>
  /** It was refused before its end: the next is a new one. */
  forget(token: string): void
}

const granted = z.object({
  access_token: z.string().regex(/^[\w.~+/-]+=*$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().min(1).default(300),
})

/** So long before its end a token is no longer used: a request under way must not outlive it. */
const reserveMs = 30_000

const formEncode = (text: string): string => new URLSearchParams({ text }).toString().slice('text='.length)

/** OAuth 2 client credentials (RFC 6749, 4.4), the client named by HTTP Basic as 1EdTech's security framework has it. */
export const createTokenSource = (
  fetch: Pick<GuardedFetch, 'send'>,
  { tokenUrl, clientId, clientSecret }: ClientCredentials,
  limits: { timeoutMs: number },
): TokenSource => {
  let held: { token: string; until: number } | null = null
  const ask = async (signal: AbortSignal): Promise<string | Trouble> => {
    const basic = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')
    const answer = await fetch.send(tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
      bytesMax: 65_536,
      timeoutMs: limits.timeoutMs,
      signal,
    })
    const { status } = answer
    if (status === 429 || status >= 500)
      return { code: status === 429 || status === 503 ? 'busy' : 'failing', afterMs: readRetryAfter(answer) }
    if (status !== 200) throw new ProviderFault('token-refused', { status })
    const grant = granted.safeParse(parseJson(answer.body))
    if (!grant.success) throw new ProviderFault('token-malformed', { status })
    held = { token: grant.data.access_token, until: Date.now() + Math.max(grant.data.expires_in * 1_000 - reserveMs, 1_000) }
    return held.token
  }
  return {
    current: async (signal) => (held !== null && Date.now() < held.until ? held.token : ask(signal)),
    forget: (token) => {
      if (held?.token === token) held = null
    },
  }
}

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
