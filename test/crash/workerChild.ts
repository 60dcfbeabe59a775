import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromWorker, Place, ToWorker } from './workerMessages.ts'
import { bareEnvironment } from '../support/bareEnvironment.ts'

const main = fileURLToPath(new URL('crashingWorkerMain.ts', import.meta.url))

/** The process died before it answered. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied'
}

export type WorkerChild = {
  /** Resolves when the process has done as it was told. @throws WorkerDied */
  tell(message: ToWorker): Promise<void>
  /** Resolves with the signal that ended it, null when it ended by itself. */
  ended: Promise<NodeJS.Signals | null>
  end(): Promise<void>
}

/**
 * Starts a process that is a worker; it waits to be told. Workflows have no threads of their own (what TEMPORAL_DEBUG means to the SDK), so that a start
 * costs less of a processor.
 */
export const startWorkerChild = (
  on: { cameBy(place: Place): void; standing(place: Place): void; held(id: number): void },
  authorityPath?: string,
): WorkerChild => {
  const trusted = authorityPath === undefined ? {} : { NODE_EXTRA_CA_CERTS: authorityPath }
  const env = { ...bareEnvironment(), TEMPORAL_DEBUG: '1', ...trusted }
  const child = fork(main, { env, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  // One for each command that is under way.
  child.setMaxListeners(0)
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null)
  child.on('message', (message: FromWorker) => {
    if (message.type === 'come-by') on.cameBy(message.place)
    else if (message.type === 'standing') on.standing(message.at)
    else if (message.type === 'held') on.held(message.id)
  })
  return {
    ended,
    tell: (message) => tell(child, ended, message),
    end: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Commands are told one at a time, so that each answer has its question. */
const tell = async (child: ChildProcess, ended: Promise<unknown>, message: ToWorker): Promise<void> => {
  const answer = new Promise<void>((resolve, reject) => {
    const listen = (told: FromWorker): void => {
      if (told.type === 'broken') reject(new Error(told.why))
      else if (told.type === 'done' && told.command === message.type) resolve()
      else return
      child.off('message', listen)
    }
    child.on('message', listen)
    void ended.then(() => reject(new WorkerDied(message.type)))
  })
  answer.catch(() => undefined)
  child.send(message, () => undefined)
  await answer
}
