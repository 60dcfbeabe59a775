import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

const value = z
  .object({ stringValue: z.string() })
  .or(z.object({ intValue: z.number() }))
  .or(z.object({ boolValue: z.boolean() }))
const attribute = z.object({ key: z.string(), value })
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              attributes: z.array(attribute),
              events: z.array(z.unknown()),
              links: z.array(z.unknown()),
              status: z.object({ code: z.number(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
})

export type CollectedSpan = {
  traceId: string
  spanId: string
  parentSpanId: string | null
  name: string
  attributes: Record<string, unknown>
}

export type Collector = {
  url: string
  spans(): readonly CollectedSpan[]
  /** Everything that was received, as it came. */
  received(): string
  close(): Promise<void>
}

/** A collector of traces (OTLP over HTTP, JSON), as an operator has one. */
export const startCollector = async (): Promise<Collector> => {
  const bodies: string[] = []
  const spans: CollectedSpan[] = []
  const take = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = await text(incoming)
    bodies.push(body)
    spans.push(...toSpans(body))
    answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
  }
  const server = createServer((incoming, answer) => void take(incoming, answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    received: () => bodies.join('\n'),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const toSpans = (body: string): CollectedSpan[] =>
  request.parse(JSON.parse(body)).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map(({ traceId, spanId, parentSpanId, name, attributes }) => ({
        traceId,
        spanId,
        parentSpanId: parentSpanId ?? null,
        name,
        attributes: Object.fromEntries(attributes.map((one) => [one.key, Object.values(one.value)[0]])),
      })),
    ),
  )
