import { InMemorySpanExporter, BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { SpanStatusCode } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { guardExporter } from './guardExporter.ts'

const word = 'what a pupil wrote'

test('nothing leaves the process but names of ours, listed attributes of a plain form, times and ids', async () => {
  const memory = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(guardExporter(memory))] })
  const linked = provider.getTracer('test').startSpan('GET /v1/files/:id')
  const span = provider.getTracer('test').startSpan(`saw «${word}»`, {
    attributes: { 'http.route': `/v1/${word}`, 'file.name': word, 'hallpass.outcome': 'clean', 'temporal.activity.attempt': 2 },
    links: [{ context: linked.spanContext(), attributes: { word } }],
  })
  span.addEvent(word, { word })
  span.recordException(new Error(word))
  span.setStatus({ code: SpanStatusCode.ERROR, message: word })
  span.end()
  linked.end()
  await provider.forceFlush()
  const [seen, other] = memory.getFinishedSpans()
  expect(seen).toMatchObject({
    name: 'unnamed',
    attributes: { 'hallpass.outcome': 'clean', 'temporal.activity.attempt': 2 },
    events: [],
    links: [],
  })
  expect(Object.keys(seen?.attributes ?? {})).toEqual(['hallpass.outcome', 'temporal.activity.attempt'])
  expect(seen?.status).toEqual({ code: SpanStatusCode.ERROR })
  expect(other?.name).toBe('GET /v1/files/:id')
  expect(JSON.stringify([seen, other].map((one) => [one?.name, one?.attributes, one?.events, one?.links, one?.status]))).not.toContain(
    'pupil',
  )
})
