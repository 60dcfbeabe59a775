import { asyncLocalStorage, Context, type Info } from '@temporalio/activity'
import { noopMetricMeter } from '@temporalio/common'
import { openLog } from '../../telemetry/openLog.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

const info: Info = {
  taskToken: new Uint8Array(),
  base64TaskToken: '',
  activityId: '1',
  activityType: 'test',
  activityNamespace: 'test',
  attempt: 1,
  isLocal: false,
  workflowExecution: { workflowId: 'test', runId: 'test' },
  scheduledTimestampMs: 0,
  scheduleToCloseTimeoutMs: 0,
  startToCloseTimeoutMs: 60_000,
  currentAttemptScheduledTimestampMs: 0,
  heartbeatDetails: undefined,
  taskQueue: 'test',
  namespace: 'test',
  inWorkflow: true,
}

/**
 * Runs an activity outside a worker, so that a test can run one twice at the same moment. `cancellation` does what the server does;
 * `heartbeatDetails` is what an earlier try had told it.
 */
export const inActivity = <T>(activity: () => Promise<T>, cancellation = new AbortController(), heartbeatDetails?: string): Promise<T> => {
  const cancelled = new Promise<never>((_, reject) => {
    cancellation.signal.addEventListener('abort', () => reject(cancellation.signal.reason as Error))
  })
  cancelled.catch(() => undefined)
  const log = toTemporalLogger(openLog({ component: 'worker', level: 'silent', guardedNames: [] }))
  const context = new Context(
    { ...info, heartbeatDetails },
    cancelled,
    cancellation.signal,
    () => undefined,
    undefined,
    log,
    noopMetricMeter,
    {
      current: undefined,
    } as never,
  )
  return asyncLocalStorage.run(context, activity)
}
