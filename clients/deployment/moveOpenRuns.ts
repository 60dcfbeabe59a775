import { isGrpcServiceError, type Client } from '@temporalio/client'
import { toVersionText, type WorkerVersion } from './workerVersion.ts'

const notFound = 5

/** The open runs that are pinned to this version. */
export const toOpenRunsQuery = (version: WorkerVersion): string =>
  `TemporalWorkerDeploymentVersion = '${toVersionText(version)}' AND ExecutionStatus = 'Running'`

/**
 * Lets the open runs of a version go on under the deployment's current version, from their next task on. Their histories are replayed by other code than made them,
 * so this is for runs that nobody would finish otherwise; law 9 is what makes it safe. Answers how many were moved; more than `limit` are left to the next time.
 */
export const moveOpenRuns = async (client: Client, version: WorkerVersion, limit = 1_000): Promise<number> => {
  let moved = 0
  for await (const { workflowId, runId } of client.workflow.list({ query: toOpenRunsQuery(version) })) {
    if (moved >= limit) break
    try {
      await client.workflowService.updateWorkflowExecutionOptions({
        namespace: client.options.namespace,
        workflowExecution: { workflowId, runId },
        workflowExecutionOptions: { versioningOverride: { autoUpgrade: true } },
        updateMask: { paths: ['versioning_override'] },
      })
      moved += 1
    } catch (error) {
      if (!isGrpcServiceError(error)) throw error
      const code: number = error.code
      // It has ended meanwhile.
      if (code !== notFound) throw error
    }
  }
  return moved
}
