import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { DataConverter } from '@temporalio/common'
import { openLog } from '../../worker/openLog.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

/** The workflows as a worker runs them, bundled once for many replays. */
export const bundleWorkflows = ({ failureConverterPath }: DataConverter): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/registered.ts', import.meta.url)),
    logger: toTemporalLogger(openLog('silent')),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
  })
