import { Runtime, Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker'
import type { DataConverter } from '@temporalio/common'
import type { WorkerVersion } from '../clients/deployment/workerVersion.ts'
import { bundleWorkflows, toBuildId } from './bundleWorkflows.ts'
import { createRunSinks, traceActivities, type NamedRun } from './traceRuns.ts'

export type WorkerQueue = { taskQueue: string; activities: object; concurrentActivities: number; isForActivitiesOnly?: boolean }

export type WorkersPlan = {
  connection: NativeConnection
  namespace: string
  dataConverter: DataConverter
  /** One worker a queue, so that sweeps never wait behind scans. */
  queues: readonly WorkerQueue[]
  /** How long a draining worker waits for what it is doing, then how long until it gives up. Milliseconds. */
  shutdownGraceMs?: number
  shutdownForceMs?: number
  stickyTimeoutMs?: number
  /** Made beforehand, for tests that start many workers; without it the workflows are bundled once for all queues. */
  workflowBundle?: { code: string }
  /** The name under which the workers are versioned, and runs pinned to the build that began them. Without it any worker may take any run. */
  deploymentName?: string
  /** Told of every run that ended here. */
  onRunEnded: (run: NamedRun) => void
}

export type RunningWorkers = {
  /** Null when the workers are not versioned. */
  version: WorkerVersion | null
  /** Whether every worker polls its queue. */
  isPolling(): boolean
  /** Resolves when all have ended in order; rejects when one ended by itself. */
  ended: Promise<void>
  /** Stops polling and lets the work under way end, within the grace time. */
  drain(): Promise<void>
}

/** Creates a worker for each queue and runs them all. */
export const runWorkers = async (plan: WorkersPlan): Promise<RunningWorkers> => {
  const workflowBundle = plan.workflowBundle ?? (await bundleWorkflows(plan.dataConverter, { logger: Runtime.instance().logger }))
  const { deploymentName } = plan
  const version = deploymentName === undefined ? null : { deploymentName, buildId: toBuildId(workflowBundle.code) }
  const workers: Worker[] = []
  for (const queue of plan.queues) workers.push(await Worker.create(toOptions({ ...plan, workflowBundle, version }, queue)))
  const drainAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
  const runs = workers.map((worker) => worker.run())
  // One that fails takes the others along: a process that does half its work looks healthy.
  const ended = Promise.all(runs).then(() => undefined)
  ended.catch(drainAll)
  return {
    version,
    isPolling: () => workers.every((worker) => worker.getState() === 'RUNNING'),
    ended,
    drain: async () => {
      drainAll()
      await Promise.allSettled(runs)
    },
  }
}

type VersionedPlan = WorkersPlan & { workflowBundle: { code: string }; version: WorkerVersion | null }

const toOptions = (plan: VersionedPlan, queue: WorkerQueue): WorkerOptions => ({
  connection: plan.connection,
  namespace: plan.namespace,
  taskQueue: queue.taskQueue,
  ...(queue.isForActivitiesOnly ? {} : { workflowBundle: plan.workflowBundle }),
  ...toVersioning(plan.version),
  activities: queue.activities,
  // Those of workflows are in the bundle.
  interceptors: { activity: [traceActivities] },
  sinks: createRunSinks(plan.onRunEnded),
  dataConverter: plan.dataConverter,
  maxConcurrentActivityTaskExecutions: queue.concurrentActivities,
  // The cache's growth kills workers; a run that is not cached is replayed.
  maxCachedWorkflows: 200,
  maxHeartbeatThrottleInterval: 2_000,
  defaultHeartbeatThrottleInterval: 2_000,
  shutdownGraceTime: plan.shutdownGraceMs ?? 15_000,
  shutdownForceTime: plan.shutdownForceMs ?? 25_000,
  ...(plan.stickyTimeoutMs === undefined ? {} : { stickyQueueScheduleToStartTimeout: plan.stickyTimeoutMs }),
})

/** Pinned: a run ends on the code that it began on (docs/decisions/worker-versions.md). */
const toVersioning = (version: WorkerVersion | null): Partial<WorkerOptions> =>
  version === null ? {} : { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } }
