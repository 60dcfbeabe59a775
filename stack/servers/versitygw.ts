import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepareBuckets } from '../../deploy/prepareBuckets.ts'
import type { S3Credentials } from '../../deploy/prepareBuckets.ts'
import { waitUntilHealthy } from '../waitUntilHealthy.ts'
import { childEnvironment } from './childEnvironment.ts'
import { prepareStoreUsers } from './prepareStoreUsers.ts'
import type { Server, ServerContext } from './server.ts'

const component = 'Object store (versitygw)'
const mend = 'read the log named above; the data folder must lie on a file system with extended attributes (ext4, xfs, btrfs)'

export type S3Address = {
  endpoint: string
  region: string
  buckets: { incoming: string; clean: string; quarantine: string; archive: string; roster: string }
  /** `root` prepares the buckets and belongs to no application. Secrets. */
  root: S3Credentials
  /** May sign uploads to incoming and roster, and read clean and the reports on rosters. */
  api: S3Credentials
  /** May read and empty incoming, and write and delete in clean and quarantine, and add to the archive, but not read them. */
  scanner: S3Credentials
  /** May read the archive of histories. */
  oncall: S3Credentials
  /** May read clean, to look at it again. */
  rescan: S3Credentials
  /** May do everything with the feeds of rosters, and nothing else. */
  roster: S3Credentials
}

type StoreUser = 'root' | 'api' | 'scanner' | 'rescan' | 'roster' | 'oncall'

const region = 'us-east-1'
const buckets = {
  incoming: 'hallpass-incoming',
  clean: 'hallpass-clean',
  quarantine: 'hallpass-quarantine',
  archive: 'hallpass-archive',
  roster: 'hallpass-roster',
}

/** versitygw on loopback, with five versioned buckets and one credential per role. */
export const startVersitygw = async (
  context: ServerContext,
  options: {
    binary: string
    port: number
    adminPort: number
    secrets: Record<StoreUser, string>
    webOrigins: string[]
  },
): Promise<Server<S3Address>> => {
  const { binary, port, adminPort, secrets } = options
  const folder = join(context.folder, 's3')
  const path = { iam: join(folder, 'iam'), versions: join(folder, 'versions'), data: join(folder, 'data') }
  for (const one of Object.values(path)) mkdirSync(one, { recursive: true })
  const credential = (name: StoreUser): S3Credentials => ({
    accessKeyId: `hallpass-${name}`,
    secretAccessKey: secrets[name],
  })
  const root = credential('root')
  const listen = ['--port', `127.0.0.1:${port}`, '--admin-port', `127.0.0.1:${adminPort}`, '--region', region, '--health', '/healthz']
  const started = await context.supervisor.start({
    name: 'versitygw',
    command: binary,
    args: [...listen, '--iam-dir', path.iam, '--keep-alive', '--quiet', 'posix', '--versioning-dir', path.versions, path.data],
    env: childEnvironment({ ROOT_ACCESS_KEY: root.accessKeyId, ROOT_SECRET_KEY: root.secretAccessKey }),
    cwd: folder,
    logFile: join(context.folder, 'logs', 'versitygw.log'),
  })
  const endpoint = `http://127.0.0.1:${port}`
  await waitUntilHealthy({ component, process: started, check: async () => (await fetch(`${endpoint}/healthz`)).ok, mend })
  context.tell('preparing buckets')
  const address: S3Address = {
    endpoint,
    region,
    buckets,
    root,
    api: credential('api'),
    scanner: credential('scanner'),
    oncall: credential('oncall'),
    rescan: credential('rescan'),
    roster: credential('roster'),
  }
  await prepareStoreUsers({ binary, adminEndpoint: `http://127.0.0.1:${adminPort}`, root }, [
    address.api,
    address.scanner,
    address.oncall,
    address.rescan,
    address.roster,
  ])
  const users = {
    api: address.api.accessKeyId,
    scanner: address.scanner.accessKeyId,
    oncall: address.oncall.accessKeyId,
    rescan: address.rescan.accessKeyId,
    roster: address.roster.accessKeyId,
  }
  await prepareBuckets({ endpoint, region, buckets, root, users, webOrigins: options.webOrigins })
  return { address, process: started }
}
