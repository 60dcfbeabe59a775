import type { WorkerConfig } from '../../worker/config.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { present } from '../support/present.ts'
import { toText, type CrashPoint } from './effects.ts'
import { hastyWorld } from './hastyWorld.ts'
import { openDoor } from './openDoor.ts'
import { startWorkerChild, WorkerDied, type WorkerChild } from './workerChild.ts'
import type { Place, PlantedFault, ToWorker } from './workerMessages.ts'

/** Worlds that have one worker, which dies, and is followed by another one at once. */
export type CrashCrew = {
  worlds: readonly AttachmentWorld[]
  /** Forgets what was seen and armed. */
  reset(): Promise<void>
  /** The worker stands still at each of these from now on, and dies when it stands at all of them. */
  dieAt(places: readonly Place[]): Promise<void>
  /** The worker stops at this place, also the one that comes after a death; meanwhile `meanwhile` is done, once. */
  holdAt(place: Place, meanwhile: () => Promise<void>): Promise<void>
  /** A fault of some server, for one attachment or district. */
  plant(planted: PlantedFault): Promise<void>
  /** Everything that a world's outbox holds is handed over. */
  relay(world: number): Promise<void>
  /** What was come by since the last reset. */
  seen(): readonly Place[]
  /** Where it stands, in words: what a death that does not come waits for is not among them. */
  standing(): readonly string[]
  /** How many workers died since. */
  deaths(): number
  close(): Promise<void>
}

export const atPoint = (activity: string, when: CrashPoint['when'], name: string): CrashPoint => ({ activity, when, name, ordinal: 1 })

type Held = { meanwhile: (() => Promise<void>) | null; isOver: boolean }
type Hold = Held & { at: Place }

export type CrewOptions = {
  bundlePath: string
  worldCount: number
  /** What its workers do otherwise than other hasty ones. */
  change?: Partial<WorkerConfig>
  /** What they are told of a world besides, as a worker's process is. */
  environmentOf?: (world: AttachmentWorld) => Promise<Readonly<Record<string, string>>>
  /** Who signed the certificates of servers on this machine that its workers ask: the path of a file. */
  authorityPath?: string
}

export const openCrashCrew = async ({
  bundlePath,
  worldCount,
  change = {},
  environmentOf = () => Promise.resolve({}),
  authorityPath,
}: CrewOptions): Promise<CrashCrew> => {
  const worlds = await Promise.all(Array.from({ length: worldCount }, () => createAttachmentWorld({ ...hastyWorld, ...change })))
  const doors = await Promise.all(worlds.map(openDoor))
  const told = await Promise.all(worlds.map(environmentOf))
  const opened = worlds.map((world, index) => ({
    environment: { ...world.environment, ...told[index] },
    change: {
      ...hastyWorld,
      ...change,
      synthetic: { apiUrl: present(doors[index]).url, intervalSeconds: 300, limitSeconds: 60, lookEverySeconds: 1 },
    },
  }))
  const seen: Place[] = []
  const holds = new Map<number, Hold>()
  let standing: string[] = []
  let faults: PlantedFault[] = []
  let deaths = 0
  let isClosing = false
  let broken: Error | null = null

  const open = async (): Promise<WorkerChild> => {
    const child = startWorkerChild(
      {
        cameBy: (place) => seen.push(place),
        standing: (place) => standing.push(toText(place.point)),
        held: (id) => void whileHeld(child, id, holds.get(id) ?? { meanwhile: null, isOver: true }),
      },
      authorityPath,
    )
    await child.tell({ type: 'open', worlds: opened, bundlePath })
    return child
  }
  const start = (): Promise<WorkerChild> => {
    const started = open()
    // Whoever waits for it is told; nobody may be waiting yet.
    started.catch(() => undefined)
    return started
  }
  const whileHeld = async (child: WorkerChild, id: number, hold: Held): Promise<void> => {
    const { meanwhile } = hold
    hold.meanwhile = null
    // Another try that is held while this is done goes on when it is done.
    if (meanwhile === null && !hold.isOver) return
    await meanwhile?.().catch((error: Error) => (broken = error))
    hold.isOver = true
    await child.tell({ type: 'go', id }).catch(() => undefined)
  }
  /** The next one takes over, and the one after it is started. */
  const follow = async (child: WorkerChild): Promise<void> => {
    const signal = await child.ended
    if (isClosing) return
    if (signal !== 'SIGKILL') broken = new Error(`a worker ended by itself: ${signal}`)
    deaths += 1
    standing = []
    current = successor.then(putToWork)
    current.catch((error: Error) => (broken = error))
    await current.catch(() => undefined)
    successor = start()
  }
  const putToWork = async (child: WorkerChild): Promise<WorkerChild> => {
    for (const [id, { at, isOver }] of holds) if (!isOver) await child.tell({ type: 'hold', id, at })
    await child.tell({ type: 'plant', faults })
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
  const tellCurrent = async (message: ToWorker, again: boolean): Promise<void> => {
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

  return {
    worlds,
    reset: async () => {
      await tellCurrent({ type: 'die', at: [] }, true)
      seen.length = 0
      deaths = 0
      faults = []
      standing = []
      holds.clear()
    },
    dieAt: (at) => tellCurrent({ type: 'die', at }, true),
    holdAt: async (at, meanwhile) => {
      const id = nextHold()
      holds.set(id, { at, meanwhile, isOver: false })
      await tellCurrent({ type: 'hold', id, at }, true)
    },
    plant: async (planted) => {
      faults.push(planted)
      await tellCurrent({ type: 'plant', faults }, true)
    },
    relay: async (world) => {
      const { superuser } = present(worlds[world]).database
      const isEmpty = async (): Promise<boolean> => (await superuser.query('select 1 from outbox where started_at is null')).rowCount === 0
      do {
        await superuser.query(`update outbox set claimed_until = now() - interval '1 second' where started_at is null`)
        await tellCurrent({ type: 'relay', world }, false)
      } while (!(await isEmpty()))
    },
    seen: () => seen,
    standing: () => standing,
    deaths: () => {
      if (broken !== null) throw broken
      return deaths
    },
    close: async () => {
      isClosing = true
      await Promise.allSettled([current.then((child) => child.end()), successor.then((child) => child.end())])
      await Promise.all(doors.map((door) => door.close()))
      await Promise.all(worlds.map((world) => world.close()))
    },
  }
}

let holdCount = 0
const nextHold = (): number => (holdCount += 1)
