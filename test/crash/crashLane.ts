import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import type { CrashPoint } from './effects.ts'
import { hastyWorld } from './hastyWorld.ts'
import { startWorkerChild, WorkerDied, type WorkerChild } from './workerChild.ts'

/** A world whose worker dies, and is followed by another one at once. One attachment after the other is taken through it. */
export type CrashLane = {
  world: AttachmentWorld
  /** Forgets what was seen and armed. Before every walk. */
  reset(): Promise<void>
  /** The worker dies at this point from now on. Null: nothing happens, and what it does is only seen. */
  dieAt(point: CrashPoint | null): Promise<void>
  /** The worker stops at this point, also the one that comes after a death; meanwhile `meanwhile` is done, once. */
  holdAt(point: CrashPoint, meanwhile: () => Promise<void>): Promise<void>
  findMalwareInRewritten(isOn: boolean): Promise<void>
  /** Everything that the outbox holds is handed over. */
  relay(): Promise<void>
  /** The points that were come by since the last reset. */
  seen(): readonly CrashPoint[]
  /** How many workers died since. */
  deaths(): number
  close(): Promise<void>
}

export const openCrashLane = async (bundlePath: string): Promise<CrashLane> => {
  const world = await createAttachmentWorld(hastyWorld)
  const points: CrashPoint[] = []
  let deaths = 0
  let isClosing = false
  let broken: Error | null = null
  let isRewrittenInfected = false
  let held: { at: CrashPoint; meanwhile: () => Promise<void> } | null = null

  const start = (): Promise<WorkerChild> => {
    const started = open()
    // Whoever waits for it is told; nobody may be waiting yet.
    started.catch(() => undefined)
    return started
  }
  const open = async (): Promise<WorkerChild> => {
    const child = startWorkerChild(world.environment, {
      point: (point) => points.push(point),
      held: () => void whileHeld(child),
    })
    await child.tell({ type: 'open', change: hastyWorld, bundlePath })
    return child
  }
  const whileHeld = async (child: WorkerChild): Promise<void> => {
    const { meanwhile } = held ?? { meanwhile: async () => undefined }
    held = null
    await meanwhile().catch((error: Error) => (broken = error))
    await child.tell({ type: 'go' }).catch(() => undefined)
  }
  /** The next one takes over, and the one after it is started. */
  const follow = async (child: WorkerChild): Promise<void> => {
    const signal = await child.ended
    if (isClosing) return
    if (signal !== 'SIGKILL') broken = new Error(`a worker ended by itself: ${signal}`)
    deaths += 1
    current = successor.then(putToWork)
    successor = start()
    await current.catch((error: Error) => (broken = error))
  }
  const putToWork = async (child: WorkerChild): Promise<WorkerChild> => {
    if (held !== null) await child.tell({ type: 'hold', at: held.at })
    await child.tell({ type: 'find-malware-in-rewritten', isOn: isRewrittenInfected })
    await child.tell({ type: 'work' })
    void follow(child)
    return child
  }
  // Started beforehand, so that nothing waits for a process to start.
  let successor = start()
  let current = successor.then(putToWork)
  successor = start()
  await current

  /** A worker that dies before it answers is followed by the next one, which is told again. */
  const tellCurrent = async (message: Parameters<WorkerChild['tell']>[0], again: boolean): Promise<void> => {
    for (;;) {
      const child = await current
      try {
        return await child.tell(message)
      } catch (error) {
        if (!(error instanceof WorkerDied)) throw error
        await child.ended
        if (!again) return
      }
    }
  }
  const freeClaims = (): Promise<unknown> =>
    world.database.superuser.query(`update outbox set claimed_until = now() - interval '1 second' where started_at is null`)
  const isOutboxEmpty = async (): Promise<boolean> =>
    (await world.database.superuser.query('select 1 from outbox where started_at is null')).rowCount === 0

  return {
    world,
    reset: async () => {
      await tellCurrent({ type: 'die', at: null }, true)
      await tellCurrent({ type: 'hold', at: null }, true)
      points.length = 0
      deaths = 0
      held = null
    },
    dieAt: (point) => tellCurrent({ type: 'die', at: point }, true),
    holdAt: async (at, meanwhile) => {
      held = { at, meanwhile }
      await tellCurrent({ type: 'hold', at }, true)
    },
    findMalwareInRewritten: async (isOn) => {
      isRewrittenInfected = isOn
      await tellCurrent({ type: 'find-malware-in-rewritten', isOn }, true)
    },
    relay: async () => {
      do {
        await freeClaims()
        await tellCurrent({ type: 'relay' }, false)
      } while (!(await isOutboxEmpty()))
    },
    seen: () => points,
    deaths: () => {
      if (broken !== null) throw broken
      return deaths
    },
    close: async () => {
      isClosing = true
      await Promise.allSettled([current.then((child) => child.end()), successor.then((child) => child.end())])
      await world.close()
    },
  }
}

export const atPoint = (activity: string, when: CrashPoint['when'], name: string): CrashPoint => ({ activity, when, name, ordinal: 1 })
