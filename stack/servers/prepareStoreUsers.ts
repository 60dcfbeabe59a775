import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { S3Credentials } from '../../deploy/prepareBuckets.ts'
import { childEnvironment } from './childEnvironment.ts'

const run = promisify(execFile)

type Store = { binary: string; adminEndpoint: string; root: S3Credentials }

/** Creates each user, or sets the secret of one that is there. */
export const prepareStoreUsers = async ({ binary, adminEndpoint, root }: Store, users: S3Credentials[]): Promise<void> => {
  const env = childEnvironment({
    ADMIN_ACCESS_KEY: root.accessKeyId,
    ADMIN_SECRET_KEY: root.secretAccessKey,
    ADMIN_ENDPOINT_URL: adminEndpoint,
  })
  const admin = (...args: string[]) => run(binary, ['admin', ...args], { env, timeout: 15_000 })
  // One after another: the store writes its users to one file.
  for (const user of users) {
    const credentials = ['--access', user.accessKeyId, '--secret', user.secretAccessKey]
    await admin('create-user', ...credentials, '--role', 'user').catch(() => admin('update-user', ...credentials))
  }
}
