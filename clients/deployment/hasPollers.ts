import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import type { WorkerVersion } from './workerVersion.ts'

const { TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType

/** A poll lasts a minute at most; a worker that has not asked for so long is gone. */
export const silentAfterMs = 90_000

/** Whether a worker of this version asked for workflow tasks of the queue so lately that it must be there. */
export const hasPollers = async (
  client: Client,
  taskQueue: string,
  { deploymentName, buildId }: WorkerVersion,
  silentMs = silentAfterMs,
): Promise<boolean> => {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TASK_QUEUE_TYPE_WORKFLOW,
  })
  return pollers.some(({ deploymentOptions, lastAccessTime }) => {
    const isOfVersion = deploymentOptions?.deploymentName === deploymentName && deploymentOptions.buildId === buildId
    return isOfVersion && Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < silentMs
  })
}
