import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { replayAttachment } from '../../db/queries/replayAttachment.ts'
import { scanAttachmentId, toIsolationQueue, toStartFor } from '../../workflows/contract.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startStallingClamd } from '../support/stallingClamd.ts'

const marker = 'this file is chewed on for ever'
const slots = 1

let world: AttachmentWorld
let engine: Awaited<ReturnType<typeof startStallingClamd>>
beforeAll(async () => {
  engine = await startStallingClamd(inject('stack').clamd, marker)
  const pace = { ...testPace, firstStreamTimeoutMs: 1_500, streamTimeoutMs: 1_500, interruptionsMax: 2 }
  world = await createAttachmentWorld({ clamd: engine, concurrentScans: slots, pace })
  await world.startWorkers()
})
afterAll(async () => {
  await world?.close()
  await engine?.stop()
})

const send = (text: string) => world.send(Buffer.from(withCanary(text)), 'text/plain')
const stateOf = async (id: string) => (await world.row(id)).state

test('files that stall the engine hold no slot that others need: those behind three times as many of them arrive', async () => {
  const poison = await Promise.all(Array.from({ length: 3 * slots }, (_, at) => send(`${marker} ${at}`)))
  await vi.waitFor(() => expect(engine.stalled()).toBeGreaterThanOrEqual(slots), { timeout: 20_000, interval: 50 })
  const healthy = await Promise.all(Array.from({ length: 4 }, (_, at) => send(`harmless ${at}`)))
  for (const id of healthy) expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })

  // Each broke off once among the others, and goes on one at a time.
  const queue = toIsolationQueue(world.config.taskQueues.attachments)
  await vi.waitFor(
    async () => {
      const description = await world.adapters.client.workflowService.describeTaskQueue({
        namespace: world.config.temporal.namespace,
        taskQueue: { name: queue },
        taskQueueType: 2,
      })
      expect(description.pollers).not.toEqual([])
      expect(engine.stalled()).toBeLessThanOrEqual(1)
    },
    { timeout: 30_000, interval: 100 },
  )

  // And is set aside in the end: as failed, never as clean, so that somebody is paged for it.
  const [first] = poison
  await vi.waitFor(async () => expect(await Promise.all(poison.map(stateOf))).toEqual(poison.map(() => 'failed')), {
    timeout: 60_000,
    interval: 200,
  })
  const failure: unknown = await world.scanOutcome(present(first)).catch((error: unknown) => error)
  expect(failure).toMatchObject({ cause: { type: 'ScanKeepsBreaking' } })

  // What was set aside is replayed once the engine is mended.
  engine.mend()
  const { districtId } = world.channel
  const start = await withDistrict(world.adapters.app, districtId, (tx) =>
    replayAttachment(tx, {
      attachmentId: present(first),
      attempt: 1,
      actor: { kind: 'system', name: 'test' },
      startFor: toStartFor('scanAttachment', world.config.taskQueues.attachments),
    }),
  )
  expect(start?.workflowId).toBe(scanAttachmentId(present(first), 2))
  await world.start(present(start))
  expect(await world.scanOutcome(present(first), 2)).toEqual({ outcome: 'clean' })
})

test('an engine that breaks off every file sets nothing aside before it has done so for too long to be an outage', async () => {
  const failing = await startStallingClamd(inject('stack').clamd, marker)
  const pace = {
    ...testPace,
    firstStreamTimeoutMs: 500,
    streamTimeoutMs: 500,
    interruptionsMax: 2,
    setAsideAfterMs: 3_600_000,
    roundsPerRun: 2,
  }
  const there = await createAttachmentWorld({ clamd: failing, pace })
  try {
    await there.startWorkers()
    const id = await there.send(Buffer.from(withCanary(marker)), 'text/plain')
    const handle = there.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
    // Over a continue-as-new, which keeps the count.
    const readRound = async () => (await handle.query<{ round: number }>('getProgress')).round
    await vi.waitFor(async () => expect(await readRound()).toBeGreaterThanOrEqual(3), { timeout: 40_000, interval: 100 })
    expect((await there.row(id)).state).toBe('scanning')
    failing.mend()
    expect(await there.scanOutcome(id)).toEqual({ outcome: 'clean' })
  } finally {
    await there.close()
    await failing.stop()
  }
})

test('a store that gives the bytes too slowly sets nothing aside and sends nothing into isolation, however often', async () => {
  const pace = { ...testPace, firstStreamTimeoutMs: 1_000, streamTimeoutMs: 1_000, interruptionsMax: 1 }
  const there = await createAttachmentWorld({ pace })
  let isSlow = true
  const { incoming } = there.adapters
  const drip = async function* (body: AsyncIterable<Buffer>) {
    for await (const chunk of body)
      for (const byte of chunk) {
        if (isSlow) await sleep(100)
        yield Buffer.from([byte])
      }
  }
  const read: typeof incoming.read = async (key, options) => {
    const body = await incoming.read(key, options)
    return Object.assign(Readable.from(drip(body), { objectMode: false }), { bytes: body.bytes })
  }
  const workers = await startFaultyWorkers(there, { adapters: { incoming: { ...incoming, read } } })
  try {
    const id = await there.send(Buffer.from(withCanary('slow')), 'text/plain')
    const handle = there.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
    const readRound = async () => (await handle.query<{ round: number }>('getProgress')).round
    await vi.waitFor(async () => expect(await readRound()).toBeGreaterThanOrEqual(3), { timeout: 40_000, interval: 100 })
    expect((await there.row(id)).state).toBe('scanning')
    isSlow = false
    expect(await there.scanOutcome(id)).toEqual({ outcome: 'clean' })
    const { events } = await handle.fetchHistory()
    const queues = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: task }) => task?.taskQueue?.name ?? [])
    expect(queues).not.toContain(toIsolationQueue(there.config.taskQueues.attachments))
  } finally {
    await workers.drain()
    await there.close()
  }
})

test('an engine that cannot be reached sets nothing aside, however long it is away', async () => {
  await engine.stop()
  const id = await send('waits for the engine')
  const handle = world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
  await vi.waitFor(async () => expect(await handle.query<{ round: number }>('getProgress')).toMatchObject({ round: 6 }), {
    timeout: 60_000,
    interval: 100,
  })
  expect(await stateOf(id)).toBe('scanning')
})
