import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { ApiMetrics } from '../../telemetry/createApiMetrics.ts'
import type { ApiEnv } from '../apiEnv.ts'

/** Counts and times every request, by the route's pattern: an address is chosen by the one who asks. Streams count when their headers go out. */
export const countRequest = ({ requests }: Pick<ApiMetrics, 'requests'>) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const startedAt = performance.now()
    await next()
    const seconds = (performance.now() - startedAt) / 1_000
    requests.observe({ method: c.req.method, route: routePath(c, -1), status: c.res.status }, seconds)
  })
