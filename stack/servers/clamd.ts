import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitUntilHealthy } from '../waitUntilHealthy.ts'
import { childEnvironment } from './childEnvironment.ts'
import type { Server, ServerContext } from './server.ts'

const component = 'clamd'
const mend = 'read the log named above; the signatures lie in stack/clamav/signatures'

export type ClamdAddress = { host: string; port: number }

/** Where clamd is, and the folders of its shared libraries when it was unpacked rather than installed. */
export type ClamdBinary = { command: string; libraryFolders: string[] }

export const signatures = fileURLToPath(new URL('../clamav/signatures', import.meta.url))
const productionConf = fileURLToPath(new URL('../../deploy/clamav/clamd.conf', import.meta.url))

/** The settings of production with some lines replaced: the one file is what both run with. */
const toLocalConf = (conf: string, local: Record<string, string>): string => {
  const kept = conf.split('\n').filter((line) => !Object.keys(local).includes(line.split(' ')[0] ?? ''))
  return [...kept, ...Object.entries(local).map(([name, value]) => `${name} ${value}`), ''].join('\n')
}

/** One clamd command that is answered in one line, such as PING or VERSION. */
export const askClamd = ({ host, port }: ClamdAddress, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host, port })
    let answer = ''
    socket.setTimeout(2_000, () => socket.destroy(new Error('clamd did not answer in 2 s')))
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.once('error', reject)
    socket.once('close', () => resolve(answer.replaceAll('\0', '').trim()))
    socket.once('connect', () => socket.write(`z${command}\0`))
  })

export type ClamdOptions = {
  binary: ClamdBinary
  port: number
  /** In place of the test signatures. */
  databaseFolder?: string
  /** Makes other settings of those of production. */
  change?: (conf: string) => string
}

/** clamd on loopback with the settings of production and the test signatures. */
export const startClamd = async (context: ServerContext, options: ClamdOptions): Promise<Server<ClamdAddress>> => {
  const folder = join(context.folder, 'clamd')
  const temporary = join(folder, 'temporary')
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  const conf = join(folder, 'clamd.conf')
  const local = {
    TCPSocket: String(options.port),
    TCPAddr: '127.0.0.1',
    // clamd takes the rest of the line, spaces and all.
    DatabaseDirectory: options.databaseFolder ?? signatures,
    TemporaryDirectory: temporary,
  }
  const { change = (kept) => kept } = options
  writeFileSync(conf, toLocalConf(change(readFileSync(productionConf, 'utf8')), local))
  const { command, libraryFolders } = options.binary
  const started = await context.supervisor.start({
    name: 'clamd',
    command,
    args: ['--config-file', conf],
    env: childEnvironment(libraryFolders.length > 0 ? { LD_LIBRARY_PATH: libraryFolders.join(':') } : {}),
    cwd: folder,
    logFile: join(context.folder, 'logs', 'clamd.log'),
  })
  const address = { host: '127.0.0.1', port: options.port }
  await waitUntilHealthy({ component, process: started, check: async () => (await askClamd(address, 'PING')) === 'PONG', mend })
  return { address, process: started }
}
