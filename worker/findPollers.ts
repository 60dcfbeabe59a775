import { hostname } from 'node:os'
import type { Client } from '@temporalio/client'

/** How Temporal's SDK names the workers of this process, all alike. */
const workerIdentity = `${process.pid}@${hostname()}`

/** A poll lasts a minute at most, and the next one follows at once. */
const freshMs = 120_000
const askDeadlineMs = 2_000

type PolledQueue = { taskQueue: string; isForActivitiesOnly?: boolean }

/**
 * Whether the server itself sees this process poll these queues, for activities and, where it runs them, for workflows. A worker that believes that it polls
 * may have lost its server. Answers false when the server does not answer.
 */
export const isSeenPolling = async (client: Client, namespace: string, queues: readonly PolledQueue[]): Promise<boolean> => {
  const asked = queues.flatMap(({ taskQueue, isForActivitiesOnly }) => [
    { taskQueue, taskQueueType: 'activity' as const },
    ...(isForActivitiesOnly ? [] : [{ taskQueue, taskQueueType: 'workflow' as const }]),
  ])
  try {
    const seen = await Promise.all(asked.map((queue) => isQueuePolled(client, namespace, queue)))
    return seen.every(Boolean)
  } catch {
    return false
  }
}

const types = { workflow: 1, activity: 2 } as const

const isQueuePolled = async (
  client: Client,
  namespace: string,
  { taskQueue, taskQueueType }: { taskQueue: string; taskQueueType: keyof typeof types },
): Promise<boolean> => {
  const { pollers } = await client.withDeadline(Date.now() + askDeadlineMs, () =>
    client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: types[taskQueueType] }),
  )
  const since = (Date.now() - freshMs) / 1_000
  return (pollers ?? []).some(({ identity, lastAccessTime }) => identity === workerIdentity && Number(lastAccessTime?.seconds ?? 0) > since)
}
