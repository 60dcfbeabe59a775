import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { DataConverter } from '@temporalio/common'
import { openLog } from '../../telemetry/openLog.ts'
import { workflowSource } from '../../worker/runWorkers.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

/** The workflows as a worker runs them, bundled once for many replays. */
export const bundleWorkflows = ({ failureConverterPath }: DataConverter): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    ...workflowSource,
    logger: toTemporalLogger(openLog({ component: 'worker', level: 'silent', guardedNames: [] })),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
  })
