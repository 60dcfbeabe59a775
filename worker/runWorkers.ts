import { Worker, type NativeConnection, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker'
import type { DataConverter } from '@temporalio/common'
import { fileURLToPath } from 'node:url'
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
  /** Made beforehand, for tests that start many workers; without it every worker bundles the workflows for itself. */
  workflowBundle?: WorkflowBundleOption
  /** Told of every run that ended here. */
  onRunEnded: (run: NamedRun) => void
}

export type RunningWorkers = {
  /** Whether every worker polls its queue. */
  isPolling(): boolean
  /** Resolves when all have ended in order; rejects when one ended by itself. */
  ended: Promise<void>
  /** Stops polling and lets the work under way end, within the grace time. */
  drain(): Promise<void>
}

/** What a bundle of the workflows is made of. */
export const workflowSource = {
  workflowsPath: fileURLToPath(new URL('../workflows/registered.ts', import.meta.url)),
  workflowInterceptorModules: [fileURLToPath(new URL('../workflows/interceptors.ts', import.meta.url))],
}

/** Creates a worker for each queue and runs them all. */
export const runWorkers = async (plan: WorkersPlan): Promise<RunningWorkers> => {
  const workers: Worker[] = []
  for (const queue of plan.queues) workers.push(await Worker.create(toOptions(plan, queue)))
  const drainAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
  const runs = workers.map((worker) => worker.run())
  // One that fails takes the others along: a process that does half its work looks healthy.
  const ended = Promise.all(runs).then(() => undefined)
  ended.catch(drainAll)
  return {
    isPolling: () => workers.every((worker) => worker.getState() === 'RUNNING'),
    ended,
    drain: async () => {
      drainAll()
      await Promise.allSettled(runs)
    },
  }
}

const toOptions = (plan: WorkersPlan, queue: WorkerQueue): WorkerOptions => ({
  connection: plan.connection,
  namespace: plan.namespace,
  taskQueue: queue.taskQueue,
  ...toWorkflowSource(plan, queue),
  activities: queue.activities,
  interceptors: { activity: [traceActivities], workflowModules: workflowSource.workflowInterceptorModules },
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

const toWorkflowSource = ({ workflowBundle }: WorkersPlan, { isForActivitiesOnly }: WorkerQueue): Partial<WorkerOptions> => {
  if (isForActivitiesOnly) return {}
  return workflowBundle === undefined ? { workflowsPath: workflowSource.workflowsPath } : { workflowBundle }
}
