import { context, propagation, SpanKind } from '@opentelemetry/api'
import type { WorkflowClientInterceptor } from '@temporalio/client'
import { defaultPayloadConverter } from '@temporalio/common'
import { inSpan } from '../telemetry/inSpan.ts'
import { traceHeader } from '../workflows/contract.ts'

/** Hands the trace that is under way to the run that is started. Nothing is added while nothing is traced. */
export const traceStarts: WorkflowClientInterceptor = {
  startWithDetails: (input, next) =>
    inSpan(`StartWorkflow:${input.workflowType}`, { kind: SpanKind.CLIENT }, async (span) => {
      span.setAttribute('temporal.workflow.id', input.options.workflowId)
      const carrier: Record<string, string> = {}
      propagation.inject(context.active(), carrier)
      if (carrier.traceparent === undefined) return next(input)
      const header = defaultPayloadConverter.toPayload({ traceparent: carrier.traceparent })
      return next({ ...input, headers: { ...input.headers, [traceHeader]: header } })
    }),
}
