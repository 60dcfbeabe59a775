import { setTimeout as sleep } from 'node:timers/promises'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { Resource } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor, SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base'
import { context, propagation, trace, TraceFlags, type Attributes } from '@opentelemetry/api'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { TracePlace } from '../domain/traceParent.ts'
import { guardExporter } from './guardExporter.ts'

export type TracingOptions = {
  component: 'api' | 'worker'
  /** The base address of an OTLP/HTTP collector; null: nothing is traced. */
  endpoint: string | null
  /** Which part of all traces is kept, 0 to 1. A trace is kept whole or not at all: its id decides, in every process alike. */
  ratio: number
  /** How long ended spans may wait for others before they are sent together. Milliseconds. */
  batchMs?: number
}

/** A span whose place and times are known only when it is over: that of a workflow's run. */
export type FinishedSpan = {
  name: string
  place: TracePlace
  parentSpanId: string | null
  /** Milliseconds since 1970. */
  startedAt: number
  endedAt: number
  hasFailed: boolean
  attributes: Attributes
}

export type Tracing = {
  /** Takes in a span that no tracer made. */
  add(span: FinishedSpan): void
  /** Sends what is left, and ends tracing in this process. A collector that does not answer is given seconds: whoever leaves has better to wait for. */
  close(): Promise<void>
}

/** The exporter's own patience is ten seconds a request. */
const closeMs = 2_000

/**
 * Starts to trace this process: from here on the tracers of OpenTelemetry's API record. Once per process. A collector that is away costs
 * spans, and nothing else.
 */
export const openTracing = ({ component, endpoint, ratio, batchMs = 2_000 }: TracingOptions): Tracing => {
  if (endpoint === null) return { add: () => undefined, close: () => Promise.resolve() }
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const processor = new BatchSpanProcessor(guardExporter(exporter), { scheduledDelayMillis: batchMs })
  const resource = new Resource({ 'service.name': `hallpass-${component}`, 'service.namespace': 'hallpass' })
  const sampler = new TraceIdRatioBasedSampler(ratio)
  const provider = new BasicTracerProvider({ resource, sampler, spanProcessors: [processor] })
  provider.register({
    contextManager: new AsyncLocalStorageContextManager().enable(),
    propagator: new W3CTraceContextPropagator(),
  })
  const isKept = ({ traceId }: TracePlace): boolean =>
    sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED
  return {
    add: (span) => isKept(span.place) && processor.onEnd(toReadable(span, resource)),
    close: async () => {
      const giveUp = new AbortController()
      const patience = sleep(closeMs, undefined, { signal: giveUp.signal }).catch(() => undefined)
      await Promise.race([provider.shutdown().catch(() => undefined), patience])
      giveUp.abort()
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

const toTime = (milliseconds: number): [number, number] => [
  Math.floor(milliseconds / 1_000),
  Math.round((milliseconds % 1_000) * 1_000_000),
]

const toReadable = (
  { name, place, parentSpanId, startedAt, endedAt, hasFailed, attributes }: FinishedSpan,
  resource: Resource,
): ReadableSpan => ({
  name,
  kind: SpanKind.INTERNAL,
  spanContext: () => ({ traceId: place.traceId, spanId: place.spanId, traceFlags: TraceFlags.SAMPLED }),
  ...(parentSpanId === null ? {} : { parentSpanId }),
  startTime: toTime(startedAt),
  endTime: toTime(endedAt),
  duration: toTime(endedAt - startedAt),
  ended: true,
  status: { code: hasFailed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
  attributes,
  links: [],
  events: [],
  resource,
  instrumentationLibrary: { name: 'hallpass' },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
})
