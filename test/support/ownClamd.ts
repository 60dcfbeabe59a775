import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findClamd } from '../../stack/binaries/findClamd.ts'
import { choosePorts } from '../../stack/choosePorts.ts'
import { startSupervisor } from '../../stack/processes/startSupervisor.ts'
import { startClamd, type ClamdAddress, type ClamdOptions } from '../../stack/servers/clamd.ts'

/** A real clamd that belongs to one test, which may kill it, stop it and give it other settings. */
export type OwnClamd = {
  address: ClamdAddress
  folder: string
  /** Not before the one before has `ended()`. @throws when clamd does not come up. */
  start(options?: Pick<ClamdOptions, 'databaseFolder' | 'change'>): Promise<void>
  /** Sends a signal to clamd itself. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  /** Settles when it has ended by itself or by a signal. */
  ended(): Promise<unknown>
  stop(): Promise<void>
  close(): Promise<void>
}

export const openOwnClamd = async (): Promise<OwnClamd> => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-clamd-'))
  await mkdir(join(folder, 'logs'))
  const supervisor = startSupervisor(folder)
  const binary = await findClamd(() => undefined)
  const { clamd: port } = await choosePorts(folder, ['clamd'])
  let running: Awaited<ReturnType<typeof startClamd>>['process'] | undefined
  const stop = async (): Promise<void> => running?.stop(500)
  return {
    address: { host: '127.0.0.1', port },
    folder,
    start: async (options = {}) => {
      const started = await startClamd({ supervisor, folder, tell: () => undefined }, { binary, port, ...options })
      running = started.process
    },
    signal: (name) => {
      if (running === undefined) throw new Error('clamd was not started')
      process.kill(running.pid, name)
    },
    ended: async () => running?.exited,
    stop,
    close: async () => {
      await stop()
      await supervisor.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
