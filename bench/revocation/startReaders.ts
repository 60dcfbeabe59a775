import { setTimeout as wait } from 'node:timers/promises'
import { now } from './now.ts'
import type { Reader, WayOfReading } from './waysOfReading.ts'

/** A read that showed something: when it was begun, and when its answer was there. */
export type Shown = { began: number; ended: number }

/** Readers that read all the time, one for each way, each again as soon as it was answered. */
export type Readers = {
  /** Resolves once a read of each way that began after `since` was answered with `isShown`. @throws when a read failed, or after a minute. */
  untilAll(isShown: boolean, since: number): Promise<void>
  /** What was shown since: of reads whose answers came after `since`. */
  listShown(way: string, since: number): Shown[]
  /** How many reads there were. */
  count(): number
  stop(): Promise<void>
}

const patienceMs = 60_000
/** So that readers leave something of the machine to the change they wait for. */
const pauseMs = 5

type Loop = { name: string; shown: Shown[]; lastShown: number; lastRefused: number; reads: number }

export const startReaders = (reader: Reader, ways: readonly WayOfReading[]): Readers => {
  const stopping = new AbortController()
  let failure: Error | null = null
  const loops = ways.map(({ name }): Loop => ({ name, shown: [], lastShown: 0, lastRefused: 0, reads: 0 }))
  const run = async ({ read }: WayOfReading, loop: Loop): Promise<void> => {
    while (!stopping.signal.aborted) {
      const began = now()
      if (await read(reader)) {
        loop.shown.push({ began, ended: now() })
        loop.lastShown = began
      } else loop.lastRefused = began
      loop.reads += 1
      await wait(pauseMs)
    }
  }
  const running = ways.map((way, index) => {
    const loop = loops[index]
    return loop === undefined
      ? Promise.resolve()
      : run(way, loop).catch((cause: unknown) => void (failure ??= new Error('a read failed', { cause })))
  })
  return {
    untilAll: async (isShown, since) => {
      const until = now() + patienceMs
      while (!loops.every((loop) => (isShown ? loop.lastShown : loop.lastRefused) > since)) {
        if (failure !== null) throw failure
        if (now() > until) {
          const open = loops.filter((loop) => (isShown ? loop.lastShown : loop.lastRefused) <= since).map(({ name }) => name)
          throw new Error(`after a minute these were still not ${isShown ? 'shown' : 'refused'}: ${open.join(', ')}`)
        }
        await wait(5)
      }
    },
    listShown: (way, since) => loops.find(({ name }) => name === way)?.shown.filter(({ ended }) => ended > since) ?? [],
    count: () => loops.reduce((sum, { reads }) => sum + reads, 0),
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
      if (failure !== null) throw failure
    },
  }
}
