import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { bareEnvironment } from './bareEnvironment.ts'

/** The worker's real process, as production runs it. */
export type WorkerProcess = {
  child: ChildProcess
  /** Where it answers `/livez` and `/readyz`. Rejects with its exit code when it ends before it listens. */
  health: Promise<string>
  /** Everything it wrote to its log, when it has ended. */
  log: Promise<string>
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
}

export const startWorkerProcess = (environment: Record<string, string>): WorkerProcess => {
  const child = spawn(process.execPath, ['worker/main.ts'], {
    env: { ...bareEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit') as Promise<[number | null]>
  const log = Promise.all([text(child.stdout), text(child.stderr)]).then((parts) => parts.join(''))
  return {
    child,
    log,
    health: findHealth(child, ended, log),
    kill: async (signal) => {
      child.kill(signal)
      return (await ended)[0]
    },
  }
}

const findHealth = (child: ChildProcess, ended: Promise<[number | null]>, log: Promise<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    let lines = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      lines += chunk.toString()
      const port = /"healthPort":(\d+)/.exec(lines)?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    })
    void Promise.all([ended, log]).then(([[code], text]) => reject(new Error(`the worker ended with ${code}: ${text.slice(-2_000)}`)))
  })
