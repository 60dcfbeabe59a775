import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Where `npm run deployment` looks and writes. */
export type DeploymentSource = { address: string; namespace: string; deploymentName: string; databaseUrl: string }

const stackFile = fileURLToPath(new URL('../.stack/stack.json', import.meta.url))
const running = z.object({
  temporal: z.object({ address: z.string(), namespace: z.string() }),
  postgres: z.object({ urls: z.object({ app: z.string() }) }),
})

/**
 * From the environment, or else of the stack that runs in this folder.
 * @throws when there is neither, saying how to mend it.
 */
export const findDeploymentSource = (
  {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace = 'default',
    WORKER_DEPLOYMENT: deploymentName = 'hallpass',
    DATABASE_URL_APP: databaseUrl,
  }: NodeJS.ProcessEnv = process.env,
): DeploymentSource => {
  if (address !== undefined && databaseUrl !== undefined) return { address, namespace, deploymentName, databaseUrl }
  if (!existsSync(stackFile))
    throw new Error('no stack runs in this folder.\n  mend: npm run stack, or set TEMPORAL_ADDRESS and DATABASE_URL_APP')
  const { temporal, postgres } = running.parse(JSON.parse(readFileSync(stackFile, 'utf8')))
  return { ...temporal, deploymentName, databaseUrl: postgres.urls.app }
}
