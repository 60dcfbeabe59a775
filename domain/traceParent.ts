/**
 * A place in a trace, as W3C Trace Context writes it: `00-{trace}-{span}-{flags}`. Random numbers, and nothing of what was traced.
 */
export type TracePlace = { traceId: string; spanId: string; isSampled: boolean }

const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-(0[01])$/

/** The place that `value` names; null for whatever is not exactly one. */
export const parseTraceParent = (value: unknown): TracePlace | null => {
  const [, traceId, spanId, flags] = typeof value === 'string' ? (form.exec(value) ?? []) : []
  return traceId === undefined || spanId === undefined ? null : { traceId, spanId, isSampled: flags === '01' }
}

export const toTraceParent = ({ traceId, spanId, isSampled }: TracePlace): string => `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`

/**
 * The span of a run, made of nothing but its id: every replay and every worker names the same one. A run that nobody's trace led to begins
 * a trace of its own.
 */
export const toRunPlace = (runId: string, parent: TracePlace | null): TracePlace => {
  const digits = runId.replaceAll('-', '')
  return { traceId: parent?.traceId ?? digits, spanId: digits.slice(-16), isSampled: parent?.isSampled ?? true }
}
