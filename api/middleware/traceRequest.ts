import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { inSpan } from '../../telemetry/inSpan.ts'
import type { ApiEnv } from '../apiEnv.ts'

/**
 * Each request begins a trace of its own, named after the route's pattern. A `traceparent` of the caller is not gone on with: whoever calls
 * could write into the traces of others, or have everything they do kept (docs/decisions/traces.md).
 */
export const traceRequest = createMiddleware<ApiEnv>((c, next) =>
  inSpan(
    c.req.method,
    { kind: SpanKind.SERVER },
    async (span) => {
      await next()
      const route = routePath(c, -1)
      const actor = c.get('actor') as ApiEnv['Variables']['actor'] | undefined
      span.updateName(`${c.req.method} ${route}`)
      span.setAttributes({
        'http.request.method': c.req.method,
        'http.route': route,
        'http.response.status_code': c.res.status,
        'hallpass.district.id': actor?.districtId,
      })
      if (c.res.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    },
    ROOT_CONTEXT,
  ),
)
