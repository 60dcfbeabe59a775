import { context, SpanStatusCode, trace, type Context, type Span, type SpanOptions } from '@opentelemetry/api'

/**
 * Does `work` in a span under `parent`, and ends the span with it. Of a fault only its type is kept: its words may quote what
 * somebody wrote. When nothing is traced this is `work` and nothing else.
 */
export const inSpan = <T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
  parent: Context = context.active(),
): Promise<T> =>
  trace.getTracer('hallpass').startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', toErrorType(error))
      throw error
    } finally {
      span.end()
    }
  })

/** As `inSpan`, where a trace is under way; loops that look every second begin none. */
export const inChildSpan = <T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> =>
  trace.getActiveSpan() === undefined ? work() : inSpan(name, options, work)

const toErrorType = (error: unknown): string => {
  if (!(error instanceof Error)) return 'Unknown'
  return 'type' in error && typeof error.type === 'string' ? error.type : error.name
}
