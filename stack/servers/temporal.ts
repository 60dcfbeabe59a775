/** Imports `workflows/contract.ts`, the only product code here: the search attributes must exist before a worker starts. */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { searchAttributes } from '../../workflows/contract.ts'
import { waitUntilHealthy } from '../waitUntilHealthy.ts'
import { childEnvironment } from './childEnvironment.ts'
import type { Server, ServerContext } from './server.ts'

const run = promisify(execFile)
const component = 'Temporal'
const namespace = 'hallpass'
/** Law 7: 90 days. */
const retention = '2160h'

export type TemporalAddress = { address: string; namespace: string; ui: string }

/**
 * One shard polls its queues 20 times a second by default, which is a floor of 50 ms a step; a timer is put off to a second from now, and what a run
 * leaves is written off every 30 s (all measured). Many shards, whose clocks differ, need that; one does not.
 */
export const dispatchSettings = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.visibilityProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxTimeShift="20ms"',
  'history.transferProcessorUpdateAckInterval="1s"',
  'history.visibilityProcessorUpdateAckInterval="1s"',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
]

const repeat = (flag: string, values: string[]): string[] => values.flatMap((value) => [flag, value])

/** Temporal's development server with its UI, on loopback, on a SQLite file, namespace `hallpass`. */
export const startTemporal = async (
  context: ServerContext,
  options: { binary: string; port: number; uiPort: number },
): Promise<Server<TemporalAddress>> => {
  const { binary, port, uiPort } = options
  const folder = join(context.folder, 'temporal')
  const mend = `read the log named above; if the data are broken beyond repair, delete ${folder} and start again`
  mkdirSync(folder, { recursive: true })
  const address = `127.0.0.1:${port}`
  // A person's own temporal configuration must not change the stack.
  const isolated = ['--disable-config-file', '--disable-config-env']
  const start = ['server', 'start-dev', ...isolated, '--log-level', 'error']
  // No codec endpoint for the UI: without a sign-in of its own it cannot send an engineer's token, and would only show an error.
  const listen = ['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)]
  const data = ['--db-filename', join(folder, 'temporal.db'), '--namespace', namespace]
  const started = await context.supervisor.start({
    name: 'temporal',
    command: binary,
    args: [
      ...start,
      ...listen,
      ...data,
      ...repeat('--sqlite-pragma', ['journal_mode=WAL', 'synchronous=NORMAL']),
      ...repeat('--dynamic-config-value', dispatchSettings),
      ...repeat(
        '--search-attribute',
        Object.entries(searchAttributes).map(([name, type]) => `${name}=${type}`),
      ),
    ],
    env: childEnvironment(),
    cwd: folder,
    logFile: join(context.folder, 'logs', 'temporal.log'),
  })
  const temporal = (...args: string[]) =>
    run(binary, [...args, ...isolated, '--address', address], { env: childEnvironment(), timeout: 5_000 })
  context.tell('waiting for the namespace')
  const setRetention = async (): Promise<boolean> => {
    await temporal('operator', 'namespace', 'update', '--namespace', namespace, '--retention', retention)
    return true
  }
  await waitUntilHealthy({ component, process: started, check: setRetention, mend })
  const ui = `http://127.0.0.1:${uiPort}`
  await waitUntilHealthy({ component: 'Temporal UI', process: started, check: async () => (await fetch(ui)).ok, mend })
  return { address: { address, namespace, ui: `${ui}/namespaces/${namespace}/workflows` }, process: started }
}
