import { isGrpcServiceError, type Client } from '@temporalio/client'
import proto from '@temporalio/proto'

const { WorkerDeploymentVersionStatus: Status } = proto.temporal.api.enums.v1

const standings = {
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_INACTIVE]: 'inactive',
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT]: 'current',
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING]: 'ramping',
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING]: 'draining',
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED]: 'drained',
} as const

/** `inactive`: never current. `draining`: no new runs, open ones are pinned to it. `drained`: none is, its workers may be stopped. */
export type VersionStanding = (typeof standings)[keyof typeof standings] | 'unknown'

export type DescribedVersion = { buildId: string; standing: VersionStanding; createdAt: Date | null }

/** The versions of a deployment, the newest first; none when no worker of it has polled yet. */
export const describeDeployment = async (client: Client, deploymentName: string): Promise<DescribedVersion[]> => {
  const answer = await client.workflowService
    .describeWorkerDeployment({ namespace: client.options.namespace, deploymentName })
    .catch((error: unknown) => {
      if (isAbsent(error)) return null
      throw error
    })
  const versions = (answer?.workerDeploymentInfo?.versionSummaries ?? []).map((summary) => ({
    buildId: summary.deploymentVersion?.buildId ?? '',
    standing: (standings as Partial<Record<number, VersionStanding>>)[summary.status ?? 0] ?? 'unknown',
    createdAt: summary.createTime ? new Date(Number(summary.createTime.seconds ?? 0) * 1_000) : null,
  }))
  return versions.toSorted((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))
}

/** gRPC's NOT_FOUND. */
const absent = 5

const isAbsent = (error: unknown): boolean => {
  if (!isGrpcServiceError(error)) return false
  const code: number = error.code
  return code === absent
}
