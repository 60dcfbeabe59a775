import { setTimeout as wait } from 'node:timers/promises'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { listReach } from '../support/listReach.ts'

type Standing = 'allowed' | 'refused'

/** Reads, again and again, whom the roster of a district lets reach whom. */
export type AccessWatch = {
  /** Whether the last reading allowed this channel. */
  isAllowed(channel: string): boolean
  /** Of each channel that any reading allowed, what it was in turn, as `allowed, refused`. Reads once more before it answers. */
  stop(): Promise<Record<string, string>>
}

const pauseMs = 100

export const watchAccess = async ({ adapters }: Pick<AttachmentWorld, 'adapters'>, districtId: string): Promise<AccessWatch> => {
  const turns = new Map<string, Standing[]>()
  let readings = 0
  const read = async (): Promise<void> => {
    const reach = new Set(await listReach(adapters.app, districtId))
    for (const channel of new Set([...turns.keys(), ...reach])) {
      const standing = reach.has(channel) ? 'allowed' : 'refused'
      const before = turns.get(channel) ?? (readings === 0 ? [] : ['refused'])
      turns.set(channel, before.at(-1) === standing ? before : [...before, standing])
    }
    readings += 1
  }
  const over = { is: false }
  const readOn = async (): Promise<void> => {
    while (!over.is) {
      await read()
      await wait(pauseMs)
    }
  }
  await read()
  const reading = readOn()
  // Whoever stops it is told.
  reading.catch(() => undefined)
  return {
    isAllowed: (channel) => turns.get(channel)?.at(-1) === 'allowed',
    stop: async () => {
      over.is = true
      await reading
      await read()
      return Object.fromEntries([...turns].map(([channel, standings]) => [channel, standings.join(', ')]))
    },
  }
}
