import { propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { defaultPayloadConverter, type Headers } from '@temporalio/common'
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker'
import { inSpan } from '../telemetry/inSpan.ts'
import type { FinishedSpan } from '../telemetry/openTracing.ts'
import { traceHeader, type EndedRun, type RunSinks } from '../workflows/contract.ts'

/** Each try of an activity is a span of the trace that its run carries, and the lines that it logs name that trace. */
export const traceActivities: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) => {
      const attributes = {
        'temporal.activity.type': info.activityType,
        'temporal.activity.attempt': info.attempt,
        'temporal.task_queue': info.taskQueue,
        'temporal.workflow.id': info.workflowExecution?.workflowId,
        'temporal.run.id': info.workflowExecution?.runId,
      }
      return inSpan(
        `RunActivity:${info.activityType}`,
        { kind: SpanKind.CONSUMER, attributes },
        () => next(input),
        readTrace(input.headers),
      )
    },
  },
  outbound: {
    getLogAttributes: (input, next) => {
      const traceId = trace.getActiveSpan()?.spanContext().traceId
      return next(traceId === undefined ? input : { ...input, traceId })
    },
  },
})

const readTrace = (headers: Headers) => {
  const payload = headers[traceHeader]
  return payload === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, defaultPayloadConverter.fromPayload(payload))
}

/** A run that ended, and what its worker knows of it. */
export type NamedRun = EndedRun & { workflowType: string; workflowId: string; runId: string; taskQueue: string }

/** Takes in what runs say of their end. */
export const createRunSinks = (onRunEnded: (run: NamedRun) => void): InjectedSinks<RunSinks> => ({
  runs: {
    ended: {
      fn: ({ workflowType, workflowId, runId, taskQueue }, run) => onRunEnded({ ...run, workflowType, workflowId, runId, taskQueue }),
      callDuringReplay: false,
    },
  },
})

/** The span of a run, from its start to its end. */
export const toRunSpan = ({ place, parentSpanId, startedAt, endedAt, outcome, ...run }: NamedRun): FinishedSpan => ({
  name: `RunWorkflow:${run.workflowType}`,
  place,
  parentSpanId,
  startedAt,
  endedAt,
  hasFailed: outcome === 'failed',
  attributes: {
    'temporal.workflow.type': run.workflowType,
    'temporal.workflow.id': run.workflowId,
    'temporal.run.id': run.runId,
    'temporal.task_queue': run.taskQueue,
    'hallpass.outcome': outcome,
  },
})
