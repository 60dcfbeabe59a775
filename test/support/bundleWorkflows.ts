import type { WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { DataConverter } from '@temporalio/common'
import { bundleWorkflows as bundle } from '../../worker/bundleWorkflows.ts'
import { openLog } from '../../telemetry/openLog.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

/** The workflows as a worker bundles them, without a word. `readWorkflowBundle.ts` has those of this tree, made once for all. */
export const bundleWorkflows = (
  dataConverter: Pick<DataConverter, 'failureConverterPath'>,
  workflowsPath?: string,
): Promise<WorkflowBundleWithSourceMap> =>
  bundle(dataConverter, {
    logger: toTemporalLogger(openLog({ component: 'worker', level: 'silent', guardedNames: [] })),
    ...(workflowsPath === undefined ? {} : { workflowsPath }),
  })
