import { ContinueAsNew, isCancellation, proxySinks, workflowInfo } from '@temporalio/workflow'
import type { Headers, WorkflowInterceptors } from '@temporalio/workflow'
import { defaultPayloadConverter } from '@temporalio/common'
import { parseTraceParent, toRunPlace, toTraceParent } from '../domain/traceParent.ts'
import { traceHeader, type RunSinks } from './contract.ts'

/**
 * Carries the trace from whoever started a run to its activities and to the run that it continues as, and says how each run ended. It adds
 * headers, which replay does not compare; it makes no command, takes no time and reads no randomness, so that every history replays
 * with and without it (law 9).
 */
export const interceptors = (): WorkflowInterceptors => {
  let carried: Headers = {}
  const carry = <Input extends { headers: Headers }>(input: Input): Input => ({ ...input, headers: { ...input.headers, ...carried } })
  return {
    inbound: [
      {
        execute: (input, next) => {
          const parent = readParent(input.headers)
          const place = toRunPlace(workflowInfo().runId, parent)
          carried = { [traceHeader]: defaultPayloadConverter.toPayload({ traceparent: toTraceParent(place) }) }
          const tell = (outcome: string): void => {
            const { runStartTime } = workflowInfo()
            proxySinks<RunSinks>().runs.ended({
              place,
              parentSpanId: parent?.spanId ?? null,
              startedAt: runStartTime.getTime(),
              endedAt: Date.now(),
              outcome,
            })
          }
          const run = next(input)
          // Beside the run and not before its end: an await here would be a step that older histories do not have.
          run.then(
            (answer) => tell(toOutcome(answer)),
            (error: unknown) => tell(toFailedOutcome(error)),
          )
          return run
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(carry(input)),
        scheduleLocalActivity: (input, next) => next(carry(input)),
        continueAsNew: (input, next) => next(carry(input)),
      },
    ],
  }
}

const readParent = (headers: Headers) => {
  const payload = headers[traceHeader]
  if (payload === undefined) return null
  const { traceparent } = defaultPayloadConverter.fromPayload<{ traceparent?: unknown }>(payload)
  return parseTraceParent(traceparent)
}

const toOutcome = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'outcome' in answer && typeof answer.outcome === 'string' ? answer.outcome : 'done'

const toFailedOutcome = (error: unknown): string => {
  if (error instanceof ContinueAsNew) return 'continued'
  return isCancellation(error) ? 'cancelled' : 'failed'
}
