/**
 * Owns every child process of a stack, so that none outlives its launcher: when the IPC channel
 * closes, for whatever reason (also `kill -9`), it stops them all within `orphanGraceMs` and ends.
 * Runs in a session of its own, so that Ctrl-C in a terminal reaches only the launcher.
 *
 * argv: the file that lists the living children, for the next launcher to check.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { identifyProcess } from './processIdentity.ts'
import type { ProcessIdentity } from './processIdentity.ts'
import type { StartRequest, SupervisorReport, SupervisorRequest } from './supervisorProtocol.ts'

const orphanGraceMs = 4_000
const childrenFile = process.argv[2]
if (!childrenFile || !process.send) throw new Error('The supervisor is started by the stack, with an IPC channel and a file name')

type Child = { process: ChildProcess; identity: ProcessIdentity; stopSignal: NodeJS.Signals }
const children = new Map<string, Child>()
let isEnding = false

const writeChildren = (): void => {
  const listed = [...children].map(([name, child]) => ({ name, ...child.identity }))
  writeFileSync(`${childrenFile}.new`, JSON.stringify(listed), { mode: 0o600 })
  renameSync(`${childrenFile}.new`, childrenFile)
}

const report = (message: SupervisorReport): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

/** The group, because a server may have children of its own; the child leads its group. */
const signalGroup = (child: Child, signal: NodeJS.Signals): void => {
  try {
    process.kill(-child.identity.pid, signal)
  } catch {
    // It ended between our look and our signal.
  }
}

const stop = (child: Child, graceMs: number): void => {
  child.process.kill(child.stopSignal)
  setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs).unref()
}

const endWhenEmpty = (): void => {
  if (isEnding && children.size === 0) process.exit(0)
}

const start = (request: StartRequest): void => {
  mkdirSync(dirname(request.logFile), { recursive: true })
  const log = openSync(request.logFile, request.keepsLog ? 'a' : 'w', 0o600)
  const { name, command, args, env, cwd } = request
  const started = spawn(command, args, { env, cwd, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  started.once('error', (error) => report({ type: 'refused', name, reason: error.message }))
  if (started.pid === undefined) return
  const identity = identifyProcess(started.pid) ?? { pid: started.pid, startedAt: '' }
  const child = { process: started, identity, stopSignal: request.stopSignal }
  children.set(name, child)
  writeChildren()
  started.once('exit', (code, signal) => {
    signalGroup(child, 'SIGKILL')
    children.delete(name)
    writeChildren()
    report({ type: 'exited', name, code, signal })
    endWhenEmpty()
  })
  report({ type: 'started', name, pid: started.pid })
}

const endAll = (): void => {
  if (isEnding) return
  isEnding = true
  for (const child of children.values()) stop(child, orphanGraceMs)
  endWhenEmpty()
}

process.on('message', (request: SupervisorRequest) => {
  if (isEnding) return
  if (request.type === 'start') return start(request)
  const child = children.get(request.name)
  if (child) stop(child, request.graceMs)
})
process.on('disconnect', endAll)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, endAll)
