/**
 * A worker's process that dies at given points: by SIGKILL, in the middle of what it does, as a machine would lose it. Told by its parent what to do. It works
 * in several worlds at once, and dies in all of them: so that one start of a process is enough for many deaths.
 */
import { readFile } from 'node:fs/promises'
import { asyncLocalStorage } from '@temporalio/activity'
import { readWorkerConfig } from '../../worker/config.ts'
import { openAdapters, type Adapters } from '../../worker/openAdapters.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { runWorkers, type WorkersPlan } from '../../worker/runWorkers.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import '../support/quietRuntime.ts'
import { present } from '../support/present.ts'
import { isSamePoint } from './effects.ts'
import { createEffectWatch } from './effectWatch.ts'
import { watchAdapters } from './watchAdapters.ts'
import { watchParts, watchStatements } from './watchDrivers.ts'
import { watchFiles } from './watchFiles.ts'
import type { FromWorker, Place, PlantedFault, ToWorker } from './workerMessages.ts'

type OpenWorld = { adapters: Adapters; plan: WorkersPlan; taskQueue: string }

/** Those that stand still keep their place. */
const concurrentActivities = 60

let deaths: readonly Place[] = []
const standing = new Set<Place>()
const stills: unknown[] = []
const holds = new Map<number, { at: Place; go: PromiseWithResolvers<void> }>()
let faults: readonly PlantedFault[] = []
const worlds: OpenWorld[] = []
const worldOf = new Map<string, number>()

const tell = (message: FromWorker): void => void process.send?.(message, undefined, undefined, () => undefined)

const isAt = (wanted: Place, { world, subjectId, point }: Place): boolean =>
  wanted.world === world && (wanted.subjectId ?? subjectId) === subjectId && isSamePoint(wanted.point, point)

const standStill = (death: Place): Promise<never> => {
  standing.add(death)
  tell({ type: 'standing', at: death })
  if (standing.size === deaths.length) process.kill(process.pid, 'SIGKILL')
  // Somebody has to know of those that stand, or what they hold open is collected as garbage.
  return new Promise((_, reject) => stills.push(reject))
}

const watch = createEffectWatch(async (point, { taskQueue, subjectId }) => {
  const place = { point, subjectId, world: present(worldOf.get(taskQueue)) }
  tell({ type: 'come-by', place })
  for (const [id, { at, go }] of holds) {
    if (!isAt(at, place)) continue
    tell({ type: 'held', id })
    await go.promise
  }
  const death = deaths.find((at) => isAt(at, place))
  if (death !== undefined) await standStill(death)
})
watchStatements(watch)
watchParts(watch)
watchFiles(watch)

const isPlanted = (fault: PlantedFault['fault']): boolean => {
  const workflowId = asyncLocalStorage.getStore()?.info.workflowExecution?.workflowId
  return faults.some((planted) => planted.fault === fault && workflowId?.includes(planted.subjectId))
}

/** Takes nothing while an upload is inspected for which that was planted. */
const closeWhileInspected = (clean: Adapters['clean']): Adapters['clean'] => ({
  ...clean,
  write: async (...request) => {
    const isClosed = asyncLocalStorage.getStore()?.info.activityType === 'inspectObject' && isPlanted('clean-closed')
    if (isClosed) throw Object.assign(new Error('the store takes nothing'), { code: 'ECONNREFUSED' })
    return clean.write(...request)
  },
})

const longMs = 100 * 86_400_000

/** Feeds as old as the purge waits for. */
const withOldFeeds = (roster: Adapters['roster']): Adapters['roster'] => ({
  ...roster,
  async *allVersions(...range) {
    for await (const version of roster.allVersions(...range)) {
      const isOld = faults.some(({ fault, subjectId }) => fault === 'kept-for-long' && version.key.includes(subjectId))
      yield isOld ? { ...version, lastModified: new Date(version.lastModified.getTime() - longMs) } : version
    }
  },
})

/** Activities that scanned the upload itself: what they scan next is what was made of it. */
const scannedIn = new WeakSet<object>()

/** The engine finds something in what was made of a picture: no real file does that at will. */
const withSecondLook = (scanner: Adapters['scanner']): Adapters['scanner'] => ({
  ...scanner,
  scan: async (body, options) => {
    const activity = present(asyncLocalStorage.getStore())
    const isRewritten = activity.info.activityType === 'releaseObject' || scannedIn.has(activity)
    scannedIn.add(activity)
    const answer = await scanner.scan(body, options)
    if (activity.info.activityType === 'lookAgain' && isPlanted('not-inspected-again'))
      return { result: 'not-inspected', signature: 'Test.Limits', engine: answer.engine }
    if (!isRewritten || answer.result !== 'ok' || !isPlanted('malware-in-rewritten')) return answer
    return { result: 'found', signature: 'Test.Rewritten', engine: answer.engine }
  },
})

const open = async (told: Extract<ToWorker, { type: 'open' }>): Promise<void> => {
  const workflowBundle = { code: await readFile(told.bundlePath, 'utf8') }
  for (const { environment, change } of told.worlds) {
    const config = { ...readWorkerConfig(environment), ...change }
    const opened = await openAdapters(config)
    const faulty = {
      scanner: withSecondLook(opened.scanner),
      clean: closeWhileInspected(opened.clean),
      roster: withOldFeeds(opened.roster),
    }
    const adapters = watchAdapters({ ...opened, ...faulty }, watch)
    const { queues, ...base } = toWorkersPlan(config, adapters)
    for (const { taskQueue } of queues) worldOf.set(taskQueue, worlds.length)
    const watched = queues.map((queue) => ({ ...queue, concurrentActivities, activities: watch.naming(queue.activities) }))
    const plan = { ...base, queues: watched, stickyTimeoutMs: 200, workflowBundle }
    worlds.push({ adapters, plan, taskQueue: config.taskQueues.maintenance })
  }
}

const relay = async ({ adapters, taskQueue }: OpenWorld): Promise<void> => {
  await watch.actingAs('relayOutbox', taskQueue, () => relayOutbox({ ...adapters, ageSeconds: 0 }))
}

const obey = async (message: ToWorker): Promise<void> => {
  if (message.type === 'open') await open(message)
  else if (message.type === 'work') await Promise.all(worlds.map(({ plan }) => runWorkers(plan)))
  else if (message.type === 'relay') await relay(present(worlds[message.world]))
  else if (message.type === 'die') deaths = message.at
  else if (message.type === 'hold') holds.set(message.id, { at: message.at, go: Promise.withResolvers() })
  else if (message.type === 'go') holds.get(message.id)?.go.resolve()
  else faults = message.faults
}

process.on('message', (message: ToWorker) => {
  obey(message).then(
    () => tell({ type: 'done', command: message.type }),
    (error: unknown) => tell({ type: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : 'unknown' }),
  )
})
// Without its parent nobody tells it anything any more.
process.on('disconnect', () => process.exit(0))
