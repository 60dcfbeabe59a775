import { createHash, randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { scheduleIds } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { startLyingClamd } from '../support/lyingClamd.ts'
import { actionsOn } from '../support/sinks.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess.ts'

const codecToken = randomBytes(32).toString('base64url')

const deployment = `hallpass-${randomBytes(4).toString('hex')}`

let world: AttachmentWorld
let gate: TcpGate
const started: WorkerProcess[] = []
beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  world = await createAttachmentWorld()
})
afterEach(async () => {
  for (const worker of started.splice(0)) await worker.kill('SIGKILL')
  gate.set('open')
})
afterAll(async () => {
  await world?.close()
  await gate?.stop()
})

const start = (change: Record<string, string> = {}): WorkerProcess => {
  const worker = startWorkerProcess({
    ...world.environment,
    CLAMD_HOST: '127.0.0.1',
    CLAMD_PORT: String(gate.port),
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
const stateOf = async (id: string): Promise<string> => (await world.row(id)).state
const untilState = (id: string, state: string) =>
  vi.waitFor(async () => expect(await stateOf(id)).toBe(state), { timeout: 45_000, interval: 200 })

describe('the worker process', () => {
  test('does not start on an environment that is not safe, and says which variable and why without repeating it', async () => {
    const worker = start({ S3_ENDPOINT: 'https://s3.eu-central-1.amazonaws.com' })
    await expect(worker.health).rejects.toThrow('ended with 2')
    const log = await worker.log
    expect(log).toContain('S3_ENDPOINT')
    expect(log).not.toContain('eu-central-1')
  })

  test('starts what the outbox holds although nobody else tried, seals the audit log, and ends in order on SIGTERM', async () => {
    const worker = start()
    await worker.health
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
      { timeout: 15_000, interval: 500 },
    )
    for (const scheduleId of Object.values(scheduleIds).filter((id) => id !== scheduleIds.sendSyntheticEicar)) {
      const schedule = await world.adapters.client.schedule.getHandle(scheduleId).describe()
      expect(schedule.policies.catchupWindow).toBeLessThanOrEqual(60_000)
    }
    expect(await worker.kill('SIGTERM')).toBe(0)
    expect(await worker.log).not.toContain(inject('canary'))
  })

  test('killed in the middle of a scan loses nothing: the next one finishes it', async () => {
    const first = start()
    await first.health
    const before = (await world.buckets.listAll('quarantine')).length
    gate.set('held')
    const id = await world.send(makeEicar(), 'text/plain')
    await gate.waiting()
    await first.kill('SIGKILL')
    gate.set('open')
    await start().health
    await untilState(id, 'quarantined')
    expect(await world.buckets.listAll('quarantine')).toHaveLength(before + 1)
  })

  test('is not ready while its scanner is away, and says which part; ready again when it is back', async () => {
    gate.set('closed')
    const worker = start()
    // The server takes a moment to see who polls.
    await vi.waitFor(async () => expect(await readiness(worker)).toMatchObject({ status: 503, parts: { workers: true, scanner: false } }), {
      timeout: 30_000,
      interval: 500,
    })
    gate.set('open')
    await vi.waitFor(async () => expect(await readiness(worker)).toMatchObject({ status: 200, parts: { workers: true, scanner: true } }), {
      timeout: 20_000,
      interval: 500,
    })
  })

  test('takes no scan from an engine that answers its probe wrongly, and raises one alert for it', async () => {
    const liar = await startLyingClamd()
    try {
      const key = 'scanner-misconfigured'
      const before = (await actionsOn(key)).length
      const worker = start({ CLAMD_PORT: String(liar.port) })
      expect(await readiness(worker)).toMatchObject({ status: 503, parts: { scanner: false } })
      const id = await world.send(makeEicar(), 'text/plain')
      await vi.waitFor(() => expect(liar.connections()).toBeGreaterThan(10), { timeout: 30_000, interval: 200 })
      expect(await stateOf(id)).toBe('scanning')
      expect((await actionsOn(key)).slice(before)).toEqual(['trigger'])
    } finally {
      await liar.stop()
    }
  })
})
