import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import { keepVersion, type VersionKeeper } from './keepVersion.ts'
import { repeat } from './repeat.ts'

export type KeptVersions = {
  /** Whether the server has said where new runs go: until then this process may get none. */
  isSettled(): boolean
  stop(): Promise<void>
}

const everyMs = 15_000
const soonMs = 500

/** Keeps this process's version current when it should be, and finishes what other versions left behind, for as long as the process runs. */
export const startKeepingVersion = (keeper: VersionKeeper, log: Logger): KeptVersions => {
  const stopping = new AbortController()
  const { signal } = stopping
  const unseenSince = new Map<string, number>()
  let isCurrent: boolean | null = null
  const look = async (): Promise<boolean | null> => {
    const before = isCurrent
    const kept = await keepVersion({ ...keeper, unseenSince })
    isCurrent = kept.isCurrent ?? before
    if (isCurrent !== before) log.info({ ...keeper.own, isCurrent }, 'worker version settled')
    if (kept.moved > 0) log.warn({ ...keeper.own, moved: kept.moved }, 'runs of a version without workers go on under the current one')
    return isCurrent
  }
  const lookUntilSettled = async (): Promise<void> => {
    while ((await look()) === null && !signal.aborted) await sleep(soonMs, undefined, { signal }).catch(() => undefined)
  }
  const onFault = (error: unknown): void => log.warn({ loop: 'keep-version', fault: toLoggableFault(error) }, 'loop pass failed')
  const loop = repeat(lookUntilSettled, { everyMs, signal, onFault })
  return {
    isSettled: () => isCurrent !== null,
    stop: async () => {
      stopping.abort()
      await loop
    },
  }
}
