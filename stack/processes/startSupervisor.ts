import { fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StartRequest, SupervisorReport, SupervisorRequest } from './supervisorProtocol.ts'

export type ProcessExit = { code: number | null; signal: NodeJS.Signals | null }

export type SupervisedProcess = {
  name: string
  pid: number
  logFile: string
  /** Settles when the process has ended; never rejects. */
  exited: Promise<ProcessExit>
  hasExited(): boolean
  /** Asks it to end, kills its group after `graceMs`, and resolves when it has ended. */
  stop(graceMs?: number): Promise<void>
}

export type ProcessToStart = Omit<StartRequest, 'type' | 'stopSignal'> & { stopSignal?: NodeJS.Signals }

export type Supervisor = {
  pid: number
  /** Starts a process under the supervisor. @throws when it cannot be started at all. */
  start(request: ProcessToStart): Promise<SupervisedProcess>
  /** Ends a process and its group by SIGKILL, as a machine would lose them, and resolves when it has ended. */
  crash(name: string): Promise<void>
  /** @throws when nothing was started under this name. */
  pidOf(name: string): number
  /** Starts once more, and in the same way, what was started under this name; its log goes on. */
  startAgain(name: string): Promise<SupervisedProcess>
  /** Stops what is left and the supervisor itself. */
  close(): Promise<void>
}

type Waiting = { settle: (pid: number) => void; refuse: (error: Error) => void; exited: (exit: ProcessExit) => void }

const defaultGraceMs = 5_000
export const childrenFile = (folder: string): string => join(folder, 'children.json')

/** Starts the process that owns every child of this stack (see `supervisorMain.ts`). `folder` must exist. */
export const startSupervisor = (folder: string): Supervisor => {
  const log = openSync(join(folder, 'supervisor.log'), 'w', 0o600)
  const supervisor = fork(fileURLToPath(new URL('./supervisorMain.ts', import.meta.url)), [childrenFile(folder)], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [],
  })
  closeSync(log)
  const waiting = new Map<string, Waiting>()
  const ended = new Promise<void>((resolve) => supervisor.once('exit', () => resolve()))
  // It never dies before its children unless somebody kills it: then nobody watches them, which is as good as dead.
  supervisor.once('exit', () => waiting.forEach((one) => one.exited({ code: null, signal: 'SIGKILL' })))
  const send = (request: SupervisorRequest): void => void supervisor.send(request, () => undefined)

  supervisor.on('message', (report: SupervisorReport) => {
    const one = waiting.get(report.name)
    if (report.type === 'started') one?.settle(report.pid)
    if (report.type === 'refused') one?.refuse(new Error(report.reason))
    if (report.type === 'exited') one?.exited({ code: report.code, signal: report.signal })
  })

  const known = new Map<string, { request: ProcessToStart; process: SupervisedProcess }>()

  const start = async (request: ProcessToStart): Promise<SupervisedProcess> => {
    const { name, logFile } = request
    let hasExited = false
    const exit = Promise.withResolvers<ProcessExit>()
    const pid = await new Promise<number>((settle, refuse) => {
      const exited = (seen: ProcessExit): void => {
        hasExited = true
        exit.resolve(seen)
        refuse(new Error(`${name} ended before it was seen to start`))
      }
      waiting.set(name, { settle, refuse, exited })
      send({ type: 'start', stopSignal: 'SIGTERM', ...request })
    })
    const stop = async (graceMs = defaultGraceMs): Promise<void> => {
      if (!hasExited) send({ type: 'stop', name, graceMs })
      await exit.promise
    }
    const started = { name, pid, logFile, exited: exit.promise, hasExited: () => hasExited, stop }
    known.set(name, { request, process: started })
    return started
  }

  const find = (name: string) => {
    const one = known.get(name)
    if (one === undefined) throw new Error(`nothing was started under the name ${name}`)
    return one
  }
  const crash = async (name: string): Promise<void> => {
    const { process: one } = find(name)
    if (!one.hasExited()) process.kill(-one.pid, 'SIGKILL')
    await one.exited
  }
  const startAgain = (name: string): Promise<SupervisedProcess> => start({ ...find(name).request, keepsLog: true })

  const close = async (): Promise<void> => {
    if (supervisor.connected) supervisor.disconnect()
    await ended
  }
  return { pid: supervisor.pid ?? 0, start, crash, pidOf: (name) => find(name).process.pid, startAgain, close }
}
