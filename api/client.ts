import { hc } from 'hono/client'
import type { AppType } from './app.ts'

/**
 * The typed client of the API: `createClient(url, token).v1.channels.$get({ query: {} })`. Takes nothing of the server but its
 * types, so a web page can use it. Answers are told apart by `status`; every 4xx and 5xx body is a problem document.
 */
export const createClient = (baseUrl: string, token: string, options: { fetch?: typeof fetch } = {}) =>
  hc<AppType>(baseUrl, {
    headers: { Authorization: `Bearer ${token}` },
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  })

export type ApiClient = ReturnType<typeof createClient>
