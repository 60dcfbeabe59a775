import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { toAllowedAttributes } from './spanAttributes.ts'

/** Spans are named by code of ours: a verb, a route's pattern, a type. */
const plainName = /^[\w ./:{}*-]{1,200}$/

/**
 * The last wall before spans leave the process: names of ours, listed attributes, times and ids. Events, links and messages of faults are left
 * out, whoever put them there.
 */
export const guardExporter = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => exporter.export(spans.map(toSafeSpan), done),
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
})

const toSafeSpan = (span: ReadableSpan): ReadableSpan => ({
  name: plainName.test(span.name) ? span.name : 'unnamed',
  kind: span.kind,
  spanContext: () => {
    const { traceId, spanId, traceFlags } = span.spanContext()
    return { traceId, spanId, traceFlags }
  },
  ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
  startTime: span.startTime,
  endTime: span.endTime,
  duration: span.duration,
  ended: span.ended,
  status: { code: span.status.code },
  attributes: toAllowedAttributes(span.attributes),
  links: [],
  events: [],
  resource: span.resource,
  instrumentationLibrary: span.instrumentationLibrary,
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
})
