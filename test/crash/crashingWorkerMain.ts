/**
 * A worker's process that dies at a given point: by SIGKILL, in the middle of what it does, as a machine would lose it. Told by its parent what to do.
 */
import { readFile } from 'node:fs/promises'
import { asyncLocalStorage } from '@temporalio/activity'
import { readWorkerConfig } from '../../worker/config.ts'
import { openAdapters, type Adapters } from '../../worker/openAdapters.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { runWorkers, type WorkersPlan } from '../../worker/runWorkers.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import '../support/quietRuntime.ts'
import { isSamePoint, type CrashPoint } from './effects.ts'
import { createEffectWatch } from './effectWatch.ts'
import { watchAdapters } from './watchAdapters.ts'
import { watchParts, watchStatements } from './watchDrivers.ts'
import type { FromWorker, ToWorker } from './workerMessages.ts'

let dieAt: CrashPoint | null = null
let holdAt: CrashPoint | null = null
let letGo: () => void = () => undefined
let isRewrittenInfected = false
let adapters: Adapters
let plan: WorkersPlan

const tell = (message: FromWorker): void => void process.send?.(message, undefined, undefined, () => undefined)

const watch = createEffectWatch(async (point) => {
  tell({ type: 'point', point })
  if (holdAt !== null && isSamePoint(holdAt, point)) {
    holdAt = null
    const released = new Promise<void>((resolve) => (letGo = resolve))
    tell({ type: 'held' })
    await released
  }
  if (dieAt !== null && isSamePoint(dieAt, point)) process.kill(process.pid, 'SIGKILL')
})
watchStatements(watch)
watchParts(watch)

/** The engine finds something in what was made of a picture: no real file does that at will. */
const withSecondLook = (scanner: Adapters['scanner']): Adapters['scanner'] => ({
  ...scanner,
  scan: async (body, options) => {
    const answer = await scanner.scan(body, options)
    const isRewritten = asyncLocalStorage.getStore()?.info.activityType === 'releaseObject'
    if (!isRewrittenInfected || !isRewritten || answer.result !== 'ok') return answer
    return { result: 'found', signature: 'Test.Rewritten', engine: answer.engine }
  },
})

const open = async ({ change, bundlePath }: Extract<ToWorker, { type: 'open' }>): Promise<void> => {
  const config = { ...readWorkerConfig(process.env), ...change }
  const opened = await openAdapters(config)
  adapters = watchAdapters({ ...opened, scanner: withSecondLook(opened.scanner) }, watch)
  const base = toWorkersPlan(config, adapters)
  plan = { ...base, stickyTimeoutMs: 200, workflowBundle: { code: await readFile(bundlePath, 'utf8') } }
}

const obey = async (message: ToWorker): Promise<void> => {
  if (message.type === 'open') await open(message)
  else if (message.type === 'work') await runWorkers(plan)
  else if (message.type === 'relay') await watch.actingAs('relayOutbox', () => relayOutbox({ ...adapters, ageSeconds: 0 }))
  else if (message.type === 'die') dieAt = message.at
  else if (message.type === 'hold') holdAt = message.at
  else if (message.type === 'go') letGo()
  else isRewrittenInfected = message.isOn
}

process.on('message', (message: ToWorker) => {
  obey(message).then(
    () => tell({ type: 'done', command: message.type }),
    (error: unknown) => tell({ type: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : 'unknown' }),
  )
})
// Without its parent nobody tells it anything any more.
process.on('disconnect', () => process.exit(0))
