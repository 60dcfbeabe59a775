import type { WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { DataConverter } from '@temporalio/common'
import { bundleWorkflows as bundle } from '../../worker/bundleWorkflows.ts'
import { openLog } from '../../telemetry/openLog.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

/** The workflows as a worker runs them, bundled once for many replays. */
export const bundleWorkflows = (dataConverter: DataConverter, workflowsPath?: string): Promise<WorkflowBundleWithSourceMap> =>
  bundle(dataConverter, {
    logger: toTemporalLogger(openLog({ component: 'worker', level: 'silent', guardedNames: [] })),
    ...(workflowsPath === undefined ? {} : { workflowsPath }),
  })
