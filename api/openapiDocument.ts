import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiScope } from '../domain/apiClients.ts'
import type { ApiEnv } from './apiEnv.ts'

const scopeMeanings: Readonly<Record<ApiScope, string>> = {
  'roster.read': 'See syncs of the roster, and what was wrong with their feeds',
  'roster.write': 'Send feeds and single changes of the roster',
}

/** The contract as OpenAPI 3.1, from the routes themselves. `api/openapi.json` is this, committed. */
export const toOpenapiDocument = (v1: OpenAPIHono<ApiEnv>) => {
  v1.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'http',
    scheme: 'bearer',
    description: 'An opaque session token.',
  })
  v1.openAPIRegistry.registerComponent('securitySchemes', 'machine', {
    type: 'oauth2',
    description: 'A machine of a district, with client credentials that a district administrator gave it.',
    flows: { clientCredentials: { tokenUrl: '/v1/oauth/token', scopes: scopeMeanings } },
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
