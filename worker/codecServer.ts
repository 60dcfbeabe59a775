/**
 * Temporal's remote codec (docs.temporal.io/remote-data-encoding): what lets an engineer read a run's encrypted inputs and results in
 * the `temporal` command, `--codec-endpoint … --codec-auth "Bearer …"`. Histories hold ids, counts and verdicts, no user content (law 7); who
 * decodes or encodes is recorded all the same, before anything is answered (law 11).
 */
import type { PayloadCodec } from '@temporalio/common'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isEncrypted, PayloadUnreadable } from '../crypto/payloadCodec.ts'
import { parsePayloads, toPayloadsJson } from './codecMessage.ts'
import type { PayloadsJson } from './codecMessage.ts'
import { createEngineerCheck } from './engineerCheck.ts'
import type { Engineer } from './engineerCheck.ts'

/** Who decoded or encoded how many payloads. The protocol does not say of which run. */
export type CodecRecord = { engineer: string; act: 'decode' | 'encode'; payloads: number }

export type CodecServerOptions = {
  codec: PayloadCodec
  engineers: readonly Engineer[]
  /** The one namespace that is served. */
  namespace: string
  /** Origins of Temporal UIs whose pages may call this from a browser. */
  uiOrigins: readonly string[]
  /** Must be durable when it resolves; when it rejects nothing is answered. */
  record: (record: CodecRecord) => Promise<void>
  /** Told of faults that are ours, so that they can be logged. Never of payloads. */
  onFault?: (error: unknown) => void
}

type CodecEnv = { Variables: { engineer: string } }

/** One page of a history as JSON: gRPC allows 4 MB, base64 and JSON make a third more of it, twice over for safety. */
const bodyBytesMax = 12 * 1024 * 1024

/** `POST /encode` and `POST /decode`, for engineers only. Faults are problem documents (RFC 9457) without details. */
export const createCodecServer = ({ codec, engineers, namespace, uiOrigins, record, onFault }: CodecServerOptions): Hono<CodecEnv> => {
  const findEngineer = createEngineerCheck(engineers)
  const app = new Hono<CodecEnv>()
  app.use(secureHeaders())
  app.use(
    cors({ origin: [...uiOrigins], allowMethods: ['POST'], allowHeaders: ['Authorization', 'Content-Type', 'X-Namespace'], maxAge: 600 }),
  )
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store')
    const origin = c.req.header('Origin')
    if (origin !== undefined && !uiOrigins.includes(origin)) return problem(c, 403, 'origin-not-allowed')
    const engineer = findEngineer(c.req.header('Authorization'))
    if (engineer === null) {
      c.header('WWW-Authenticate', 'Bearer')
      return problem(c, 401, 'not-signed-in')
    }
    if (c.req.header('X-Namespace') !== namespace) return problem(c, 403, 'namespace-not-served')
    c.set('engineer', engineer)
    return next()
  })
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError: (c) => problem(c, 413, 'body-too-large') }))

  app.post('/encode', async (c) => {
    const payloads = parsePayloads(await c.req.text())
    if (payloads === null) return problem(c, 400, 'malformed-body')
    await record({ engineer: c.get('engineer'), act: 'encode', payloads: payloads.length })
    return c.json<PayloadsJson>(toPayloadsJson(await codec.encode(payloads)))
  })
  app.post('/decode', async (c) => {
    const payloads = parsePayloads(await c.req.text())
    if (payloads === null) return problem(c, 400, 'malformed-body')
    await record({ engineer: c.get('engineer'), act: 'decode', payloads: payloads.length })
    // What was never encrypted, such as a search attribute, is handed back as it came.
    const decoded = payloads.map((payload) => (isEncrypted(payload) ? codec.decode([payload]) : Promise.resolve([payload])))
    return c.json<PayloadsJson>(toPayloadsJson((await Promise.all(decoded)).flat()))
  })

  app.notFound((c) => problem(c, 404, 'not-found'))
  app.onError((error, c) => {
    if (error instanceof PayloadUnreadable) return problem(c, 422, 'payload-unreadable')
    if (error instanceof HTTPException) return problem(c, error.status, 'malformed-body')
    onFault?.(error)
    return problem(c, 500, 'internal-error')
  })
  return app
}

const problem = (c: Context, status: ContentfulStatusCode, code: string): Response =>
  c.body(JSON.stringify({ type: 'about:blank', title: code.replaceAll('-', ' '), status, code }), status, {
    'Content-Type': 'application/problem+json',
  })
