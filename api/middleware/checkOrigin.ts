import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiEnv } from '../apiEnv.ts'

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a change that a page of a foreign origin asks for. No credential here travels by itself (tokens go in the
 * Authorization header, no cookie is ever read), so this is a second wall, and it stands ready for the day a cookie comes.
 * Clients that are no browsers send neither header and pass.
 */
export const checkOrigin = (allowedOrigins: readonly string[]) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (!readingMethods.has(c.req.method)) {
      const origin = c.req.header('Origin')
      const isForeign = origin === undefined ? c.req.header('Sec-Fetch-Site') === 'cross-site' : !allowedOrigins.includes(origin)
      if (isForeign) throw new Refusal('origin-not-allowed', 'Pages of this origin may not change anything here.')
    }
    await next()
  })
