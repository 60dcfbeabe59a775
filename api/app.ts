import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { Refusal } from '../domain/refusal.ts'
import type { ApiDeps } from './apiDeps.ts'
import type { ApiEnv } from './apiEnv.ts'
import { createDocsPage } from './docs/docsPage.ts'
import { createProblemPages } from './docs/problemPages.ts'
import { refuseInvalidInput } from './invalidInput.ts'
import { authenticate } from './middleware/authenticate.ts'
import { checkOrigin } from './middleware/checkOrigin.ts'
import { countRequest } from './middleware/countRequest.ts'
import { endConnections } from './middleware/endConnections.ts'
import { keepNothing } from './middleware/keepNothing.ts'
import { logRequest } from './middleware/logRequest.ts'
import { nameRequest } from './middleware/nameRequest.ts'
import { protectResponses } from './middleware/protectResponses.ts'
import { traceRequest } from './middleware/traceRequest.ts'
import { toOpenapiDocument } from './openapiDocument.ts'
import { answerProblem } from './problem.ts'
import { healthRoutes } from './routes/health.ts'
import { unsubscribeRoutes } from './routes/unsubscribe.ts'
import { createV1 } from './v1.ts'

const bodyBytesMax = 1024 * 1024

/** Builds the whole HTTP application. Opens nothing itself; everything it acts on is in `deps`. */
export const createApp = (deps: ApiDeps) => {
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
  const answer = answerProblem(deps.publicUrl)
  app.onError(answer)
  app.notFound((c) => answer(new Refusal('not-found', 'No such address.'), c))

  app.use(nameRequest)
  app.use(traceRequest)
  app.use(countRequest(deps.metrics))
  app.use(logRequest(deps.log))
  app.use(endConnections(deps.leaving))
  app.use(protectResponses(deps.publicUrl))
  app.use(
    cors({
      origin: [...deps.webOrigins],
      allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id', 'Range', 'If-Range', 'Last-Event-ID'],
      exposeHeaders: ['X-Request-Id', 'Retry-After', 'Location', 'Content-Disposition', 'Content-Range', 'Accept-Ranges', 'ETag'],
      maxAge: 600,
    }),
  )
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const response = answer(new Refusal('method-not-allowed', `This address knows ${methods.join(', ')}.`), c)
        response.headers.set('Allow', methods.join(', '))
        return response
      },
    }),
  )
  app.use(checkOrigin([...deps.webOrigins, deps.publicUrl]))
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError: () => Promise.reject(new Refusal('body-too-large', 'Send at most 1 MiB.')) }))
  app.use('/v1/*', keepNothing)
  // It takes a machine's secret, not a token.
  app.use('/v1/*', except('/v1/oauth/token', authenticate(deps)))

  const v1 = createV1(deps)
  const document = JSON.stringify(toOpenapiDocument(v1))
  app.get('/openapi.json', (c) => c.body(document, 200, { 'Content-Type': 'application/json' }))
  app.route('/', healthRoutes(deps))
  app.route('/', createDocsPage())
  app.route('/', createProblemPages())
  app.route('/', unsubscribeRoutes(deps))
  return app.route('/v1', v1)
}

/** The contract as a type: what `createClient` knows. */
export type AppType = ReturnType<typeof createApp>
