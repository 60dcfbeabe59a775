import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type Logger, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { DataConverter } from '@temporalio/common'

const registered = fileURLToPath(new URL('../workflows/registered.ts', import.meta.url))

/** The workflows, and all that they import, as one script. */
export const bundleWorkflows = (
  { failureConverterPath }: Pick<DataConverter, 'failureConverterPath'>,
  { workflowsPath = registered, logger }: { workflowsPath?: string; logger?: Logger } = {},
): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [join(dirname(workflowsPath), 'interceptors.ts')],
    // Numbered by use and not named by path, so that the same code is the same text in every folder.
    webpackConfigHook: (config) => ({
      ...config,
      output: { ...config.output, pathinfo: false },
      optimization: { ...config.optimization, moduleIds: 'natural' },
    }),
    ...(logger === undefined ? {} : { logger }),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
  })

/**
 * Names the code of the workflows: the same on every machine and in every folder, another one when a workflow, or Temporal's SDK under it, changes. An activity
 * that changes does not change it.
 */
export const toBuildId = (code: string): string =>
  createHash('sha256')
    // The map that follows names the folder that it was made in.
    .update(code.replace(/\/\/# sourceMappingURL=[^]*$/, ''))
    .digest('hex')
    .slice(0, 16)
