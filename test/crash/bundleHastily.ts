import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { DataConverter } from '@temporalio/common'
import { bundleWorkflowCode } from '@temporalio/worker'
import { openLog } from '../../telemetry/openLog.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** The workflows, bundled once for all processes, with activities that are soon taken for dead. */
export const bundleHastily = async (
  bundlePath: string,
  { failureConverterPath }: Pick<DataConverter, 'failureConverterPath'>,
): Promise<void> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: pathOf('../../workflows/registered.ts'),
    workflowInterceptorModules: [pathOf('../../workflows/interceptors.ts'), pathOf('hastyActivities.ts')],
    logger: toTemporalLogger(openLog({ component: 'worker', level: 'silent', guardedNames: [] })),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
  })
  await writeFile(bundlePath, code)
}
