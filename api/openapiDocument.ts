import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnv } from './apiEnv.ts'

/** The contract as OpenAPI 3.1, from the routes themselves. `api/openapi.json` is this, committed. */
export const toOpenapiDocument = (v1: OpenAPIHono<ApiEnv>) => {
  v1.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'http',
    scheme: 'bearer',
    description: 'An opaque session token.',
  })
  return v1.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Hallpass API',
      version: '1',
      description:
        'Messaging in which the roster is the permission. What you may not see answers 404, exactly as what does not exist. ' +
        'Errors are problem documents (RFC 9457) with a stable `code`.',
    },
    servers: [{ url: '/v1' }],
    security: [{ session: [] }],
  })
}
