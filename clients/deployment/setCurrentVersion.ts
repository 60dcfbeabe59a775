import { isGrpcServiceError, type Client } from '@temporalio/client'
import type { WorkerVersion } from './workerVersion.ts'

/** gRPC's NOT_FOUND, RESOURCE_EXHAUSTED and FAILED_PRECONDITION. */
const notYet: readonly number[] = [5, 8, 9]

/**
 * Lets new runs, and runs of no version, go to this version from now on. Answers false when the server will not yet: no worker of the version polls, none polls
 * a queue that the current version serves, or it is busy writing down the version's queues (it takes ten such changes of a deployment at once,
 * `history.maxInFlightUpdates`, and a new version brings more queues than that).
 */
export const setCurrentVersion = async (client: Client, { deploymentName, buildId }: WorkerVersion): Promise<boolean> => {
  try {
    await client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: client.options.namespace,
      deploymentName,
      buildId,
      version: `${deploymentName}.${buildId}`,
    })
    return true
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error
    const code: number = error.code
    if (notYet.includes(code)) return false
    throw error
  }
}
