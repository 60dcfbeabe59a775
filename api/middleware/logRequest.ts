import { trace } from '@opentelemetry/api'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { Logger } from 'pino'
import type { ApiEnv } from '../apiEnv.ts'

/**
 * Gives every request a logger and leaves one line for it: the route's pattern, never the address that was asked for,
 * since an address is chosen by the one who asks. Streams are logged when their headers go out.
 */
export const logRequest = (log: Logger) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const startedAt = performance.now()
    c.set('log', log)
    await next()
    const actor = c.get('actor') as ApiEnv['Variables']['actor'] | undefined
    log.info(
      {
        method: c.req.method,
        route: routePath(c, -1),
        status: c.res.status,
        ms: Math.round(performance.now() - startedAt),
        requestId: c.get('requestId'),
        traceId: trace.getActiveSpan()?.spanContext().traceId,
        districtId: actor?.districtId,
        actorId: actor?.userId,
      },
      'request',
    )
  })
