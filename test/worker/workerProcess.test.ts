import { once } from 'node:events'
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { scanAttachmentId, scheduleIds } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { startLyingClamd } from '../support/lyingClamd.ts'
import { actionsOn } from '../support/sinks.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess.ts'
import { throwOnSignal } from '../support/throwOnSignal.ts'

const codecToken = randomBytes(32).toString('base64url')

const deployment = `hallpass-${randomBytes(4).toString('hex')}`

// A start takes seconds of a processor, so tests share processes, and each goes on where the last one left it.
let world: AttachmentWorld
/** In front of the engine, and of Temporal. */
let engine: TcpGate
let temporal: TcpGate
let first: WorkerProcess
let second: WorkerProcess
const started: WorkerProcess[] = []
beforeAll(async () => {
  const [host = '', port] = inject('stack').temporal.address.split(':')
  engine = await startTcpGate(inject('stack').clamd)
  temporal = await startTcpGate({ host, port: Number(port) })
  world = await createAttachmentWorld({}, { hasOwnNamespace: true })
  first = start()
})
afterAll(async () => {
  await Promise.all(started.map((worker) => worker.kill('SIGKILL')))
  await world?.close()
  await Promise.all([engine?.stop(), temporal?.stop()])
})

const start = (change: Record<string, string> = {}): WorkerProcess => {
  const worker = startWorkerProcess({
    ...world.environment,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
    CLAMD_HOST: '127.0.0.1',
    CLAMD_PORT: String(engine.port),
    WORKER_HEALTH_PORT: '0',
    CODEC_PORT: '0',
    CODEC_TOKENS: `ada:${createHash('sha256').update(codecToken).digest('hex')}`,
    SCAN_ROUND_WAIT_SECONDS: '0.5',
    WORKER_DEPLOYMENT: deployment,
    ...change,
  })
  started.push(worker)
  return worker
}
const readiness = async (worker: WorkerProcess) => {
  const answer = await fetch(`${await worker.health}/readyz`)
  const { parts } = (await answer.json()) as { parts: Record<string, boolean> }
  return { status: answer.status, parts }
}
const untilReadiness = (worker: WorkerProcess, expected: { status: number; parts: Record<string, boolean> }) =>
  vi.waitFor(async () => expect(await readiness(worker)).toEqual(expected), { timeout: 90_000, interval: 250 })
const untilReady = (worker: WorkerProcess) => untilReadiness(worker, { status: 200, parts: { workers: true, scanner: true } })
const stateOf = async (id: string): Promise<string> => (await world.row(id)).state
const untilState = (id: string, state: string) =>
  vi.waitFor(async () => expect(await stateOf(id)).toBe(state), { timeout: 90_000, interval: 200 })

/** How far the first try of the inspection is, as the server has it. */
const inspectionOf = async (id: string): Promise<'not asked for' | 'under way' | 'ended' | 'waits'> => {
  const run = world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
  const events = (await run.fetchHistory()).events ?? []
  const asked = events.find(({ activityTaskScheduledEventAttributes: asked }) => asked?.activityType?.name === 'inspectObject')
  if (asked === undefined) return 'not asked for'
  if (events.some(({ activityTaskCompletedEventAttributes: end }) => end?.scheduledEventId?.toString() === asked.eventId?.toString()))
    return 'ended'
  const { pendingActivities = [] } = (await run.describe()).raw
  return pendingActivities?.some(
    ({ activityType, lastStartedTime, attempt }) => activityType?.name === 'inspectObject' && lastStartedTime && attempt === 1,
  )
    ? 'under way'
    : 'waits'
}

describe('the worker process', { timeout: 180_000 }, () => {
  test('does not start on an environment that is not safe, and says which variable and why without repeating it', async () => {
    const worker = start({ S3_ENDPOINT: 'https://s3.eu-central-1.amazonaws.com' })
    await expect(worker.health).rejects.toThrow('ended with 2')
    const log = await worker.log
    expect(log).toContain('S3_ENDPOINT')
    expect(log).not.toContain('eu-central-1')
  })

  test('starts what the outbox holds although nobody else tried, seals the audit log, and keeps its schedules from catching up', async () => {
    await first.health
    const id = await world.addTicket()
    await world.upload(id, Buffer.from(withCanary('from the outbox')))
    await world.complete(id)
    await untilState(id, 'clean')
    const { rows } = await world.database.superuser.query('select started_at is not null as started from outbox where input ->> $1 = $2', [
      'attachmentId',
      id,
    ])
    expect(rows).toEqual([{ started: true }])
    await vi.waitFor(
      async () => {
        const unsealed = await world.database.superuser.query('select 1 from audit_entries where batch_number is null')
        expect(unsealed.rowCount).toBe(0)
      },
      { timeout: 30_000, interval: 500 },
    )
    // This worker sends no test virus, and has nobody who says which mails bounced.
    const { sendSyntheticEicar: _none, takeFeedback: _neither, ...registered } = scheduleIds
    for (const scheduleId of Object.values(registered)) {
      const schedule = await world.adapters.client.schedule.getHandle(scheduleId).describe()
      expect(schedule.policies.catchupWindow).toBeLessThanOrEqual(60_000)
    }
  })

  test('is ready while its queues are polled and its engine proves itself; without either it is not, and says which part, until it is back', async () => {
    // The server takes a moment to see who polls.
    await untilReady(first)
    engine.set('closed')
    await untilReadiness(first, { status: 503, parts: { workers: true, scanner: false } })
    engine.set('open')
    await untilReady(first)
    temporal.set('closed')
    await untilReadiness(first, { status: 503, parts: { workers: false, scanner: true } })
    temporal.set('open')
    await untilReady(first)
    expect((await fetch(`${await first.health}/livez`)).status).toBe(200)
  })

  test('killed in the middle of a scan loses nothing: the next one finishes it', async () => {
    const before = (await world.buckets.listAll('quarantine')).length
    engine.set('held')
    const id = await world.send(makeEicar(), 'text/plain')
    await engine.waiting()
    await first.kill('SIGKILL')
    engine.set('open')
    second = start()
    await second.health
    await untilState(id, 'quarantined')
    expect(await world.buckets.listAll('quarantine')).toHaveLength(before + 1)
  })

  test('told to end, ends the scan that it is doing, and takes no other', async () => {
    await untilReady(second)
    engine.set('held')
    const underWay = await world.send(Buffer.from(withCanary('under way')), 'text/plain')
    await vi.waitFor(async () => expect(await inspectionOf(underWay)).toBe('under way'), { timeout: 60_000, interval: 100 })
    const ended = second.kill('SIGTERM')
    await vi.waitFor(async () => expect(await readiness(second)).toMatchObject({ status: 503, parts: { workers: false } }), {
      timeout: 10_000,
      interval: 50,
    })
    const later = await world.send(Buffer.from(withCanary('sent later')), 'text/plain')
    engine.set('open')
    expect(await ended).toBe(0)
    expect(await second.log).not.toContain(inject('canary'))
    expect([await inspectionOf(underWay), await inspectionOf(later)]).toEqual(['ended', 'not asked for'])
  })

  test('takes no scan from an engine that answers its probe wrongly, and raises one alert for it', async () => {
    const liar = await startLyingClamd()
    try {
      const key = 'scanner-misconfigured'
      const before = (await actionsOn(key)).length
      const worker = start({ CLAMD_PORT: String(liar.port) })
      expect(await readiness(worker)).toMatchObject({ status: 503, parts: { scanner: false } })
      const id = await world.send(makeEicar(), 'text/plain')
      await vi.waitFor(() => expect(liar.connections()).toBeGreaterThan(10), { timeout: 60_000, interval: 200 })
      expect(await stateOf(id)).toBe('scanning')
      expect((await actionsOn(key)).slice(before)).toEqual(['trigger'])
    } finally {
      await liar.stop()
    }
  })
})

test('a fault that nobody catches ends the process, and is logged without its words', async () => {
  const worker = start(throwOnSignal(withCanary('what a child wrote')))
  await worker.health
  worker.child.kill('SIGUSR2')
  expect((await once(worker.child, 'exit'))[0]).toBe(1)
  const log = await worker.log
  expect(log).toContain('"msg":"ended by a fault"')
  expect(log).not.toContain('what a child wrote')
})
