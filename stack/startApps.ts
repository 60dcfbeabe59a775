import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { apiEnvironment, apiUrl, workerEnvironment } from './appEnvironment.ts'
import { prepareApps } from './prepareApps.ts'
import type { SupervisedProcess } from './processes/startSupervisor.ts'
import { runTasks } from './runTasks.ts'
import type { TaskLog } from './runTasks.ts'
import { childEnvironment } from './servers/childEnvironment.ts'
import type { Stack } from './startStack.ts'
import { waitUntilHealthy } from './waitUntilHealthy.ts'

/** The running applications. */
export type Apps = {
  api: { url: string; docs: string }
  worker: { health: string }
  codec: { url: string }
  /** Resolves with the name of the first application that ended by itself. */
  broken: Promise<string>
  stop(): Promise<void>
}

export type AppOptions = {
  log: TaskLog
  /** Starts an application again whenever one of its files changes. */
  reload?: boolean
  /** Laid over the environment of both, such as `UPLOAD_TICKET_SECONDS` of a demo that cannot wait. */
  environment?: Record<string, string>
}

const repository = fileURLToPath(new URL('..', import.meta.url))
/** Whole folders are watched: which files were loaded is not reported, see `withoutWatchReports.mjs`. */
const reloadFlags = (name: string): string[] => [
  '--watch-preserve-output',
  `--import=${pathToFileURL(join(repository, 'stack', 'withoutWatchReports.mjs')).href}`,
  ...[name, 'domain', 'crypto', 'db', 'clients', 'activities', 'workflows'].map((folder) => `--watch-path=${join(repository, folder)}`),
]
const mend = 'read the log named above'

/**
 * Migrates the database, creates the keys, then starts the API and the worker of this repository
 * against the stack and waits until both say that they are ready.
 * @throws StackProblem with the end of the log when one does not start.
 */
export const startApps = async (stack: Stack, options: AppOptions): Promise<Apps> => {
  const processes: SupervisedProcess[] = []
  const startApp = async (name: 'api' | 'worker', environment: Record<string, string>, health: string): Promise<void> => {
    const started = await stack.supervisor.start({
      name,
      command: process.execPath,
      args: [...(options.reload ? reloadFlags(name) : []), join(repository, name, 'main.ts')],
      env: childEnvironment({ ...environment, ...options.environment }),
      cwd: repository,
      logFile: join(stack.folder, 'logs', `${name}.log`),
    })
    processes.push(started)
    const check = async (): Promise<boolean> => {
      const answer = await fetch(`${health}/readyz`)
      if (!answer.ok) throw new Error(`/readyz answers ${answer.status}: ${await answer.text()}`)
      return true
    }
    await waitUntilHealthy({ component: name, process: started, check, mend })
  }
  const worker = `http://127.0.0.1:${stack.ports.worker}`
  await runTasks([{ title: 'Schema and keys', run: () => prepareApps(stack) }], options.log)
  await runTasks(
    [
      { title: 'API', run: () => startApp('api', apiEnvironment(stack), apiUrl(stack)) },
      { title: 'Worker', run: () => startApp('worker', workerEnvironment(stack), worker) },
    ],
    options.log,
  )
  return {
    api: { url: apiUrl(stack), docs: `${apiUrl(stack)}/docs` },
    worker: { health: worker },
    codec: { url: `http://127.0.0.1:${stack.codec.port}` },
    broken: Promise.race(processes.map(async (one) => (await one.exited, one.name))),
    stop: async () => void (await Promise.all(processes.map((one) => one.stop()))),
  }
}
