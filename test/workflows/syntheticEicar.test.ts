import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { createFollowAlert } from '../../activities/followAlert.ts'
import type { Alert } from '../../domain/ports.ts'
import { toSyntheticBytes } from '../../domain/syntheticEicar.ts'
import { createOperationsWatch } from '../../worker/watchOperations.ts'
import type { RunningWorkers } from '../../worker/runWorkers.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { startLyingClamd } from '../support/lyingClamd.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'

let world: AttachmentWorld
let gate: TcpGate
let api: ApiProcess
let workers: RunningWorkers
const alerts: Alert[] = []
const pager = { raise: async (alert: Alert) => void alerts.push(alert) }

beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  world = await createAttachmentWorld({ clamd: { host: '127.0.0.1', port: gate.port } })
  api = startApiProcess(world)
  const synthetic = { apiUrl: await api.url, intervalSeconds: 300, limitSeconds: 5, lookEverySeconds: 0.2 }
  Object.assign(world.config, { synthetic })
  workers = await startFaultyWorkers(world, { adapters: { pager } })
})
afterAll(async () => {
  await workers?.drain()
  await world?.close()
  api?.child.kill()
  await gate?.stop()
})
beforeEach(() => void alerts.splice(0))

const run = (limitSeconds: number) =>
  world.adapters.client.workflow.execute('sendSyntheticEicar', {
    workflowId: `synthetic-${randomBytes(6).toString('hex')}`,
    taskQueue: world.config.taskQueues.maintenance,
    args: [{ limitSeconds, lookEverySeconds: 0.2 }],
  })
const rows = async (statement: string) => (await world.database.superuser.query(statement)).rows
const actions = () => alerts.filter(({ dedupKey }) => dedupKey === 'synthetic-eicar-overdue').map(({ action }) => action)

describe('the test virus', () => {
  test('goes through the front door, is quarantined and cleaned up; nobody is alerted of malware, and its session is over', async () => {
    expect(await run(60)).toEqual({ end: 'quarantined' })
    expect(alerts).toEqual([])
    expect(
      await rows(`select state, verdict, purge_after <= now() as due from attachments where district_id = '${operationsDistrictId}'`),
    ).toEqual([{ state: 'quarantined', verdict: 'infected', due: true }])
    expect(await rows('select 1 from sessions where ended_at is null and expires_at > now()')).toEqual([])
    expect(await rows('select name, succeeded_at is not null as succeeded from last_successes')).toEqual([
      { name: 'synthetic-eicar', succeeded: true },
    ])
    await world.adapters.client.workflow.execute('purgeQuarantine', {
      workflowId: randomBytes(6).toString('hex'),
      taskQueue: world.config.taskQueues.maintenance,
    })
    expect(await world.buckets.listAll('quarantine')).toEqual([])
  })

  test('that waits because the scanner is away is one alert, which the next one that is quarantined resolves', async () => {
    gate.set('closed')
    expect(await run(1)).toEqual({ end: 'not-quarantined' })
    expect(await run(1)).toEqual({ end: 'not-quarantined' })
    expect(actions()).toEqual(['trigger'])
    gate.set('open')
    expect(await run(60)).toEqual({ end: 'quarantined' })
    expect(actions()).toEqual(['trigger', 'resolve'])
  })

  test('that cannot be sent because the API is away is an alert', async () => {
    await api.kill('SIGTERM')
    expect(await run(60)).toEqual({ end: 'not-sent' })
    expect(actions()).toEqual(['trigger'])
    await world.database.superuser.query('delete from open_alerts')
  })
})

test('an engine that says OK to everything takes no test virus: it waits, and engineers are told', async () => {
  const liar = await startLyingClamd()
  const other = await createAttachmentWorld({ clamd: { host: '127.0.0.1', port: liar.port } })
  const door = startApiProcess(other)
  try {
    Object.assign(other.config, { synthetic: { apiUrl: await door.url, intervalSeconds: 300, limitSeconds: 1, lookEverySeconds: 0.2 } })
    const lied = await startFaultyWorkers(other, { adapters: { pager } })
    const end = await other.adapters.client.workflow.execute('sendSyntheticEicar', {
      workflowId: randomBytes(6).toString('hex'),
      taskQueue: other.config.taskQueues.maintenance,
      args: [{ limitSeconds: 3, lookEverySeconds: 0.2 }],
    })
    expect(end).toEqual({ end: 'not-quarantined' })
    expect(actions()).toEqual(['trigger'])
    const { rows: found } = await other.database.superuser.query(`select verdict from attachments`)
    expect(found).toEqual([{ verdict: null }])
    await lied.drain()
  } finally {
    await door.kill('SIGTERM')
    await other.close()
    await liar.stop()
  }
})

test('that no worker sends any more is told by the watch, which never ends the alert by itself', async () => {
  const follow = createFollowAlert({ app: world.adapters.app, pager })
  const limits = { outboxOldAfterSeconds: 3_600, syncLateAfterSeconds: 3_600, unscannableBurstCount: 1_000, archiveOldAfterSeconds: 3_600 }
  const watch = (syntheticOverdueSeconds: number) =>
    createOperationsWatch({ ...world.adapters, ...limits, syntheticOverdueSeconds, follow, failedRunsUrl: 'http://127.0.0.1' }).look()
  await watch(3_600)
  expect(actions()).toEqual([])
  await world.database.superuser.query(`update last_successes set succeeded_at = now() - interval '20 minutes'`)
  await watch(720)
  await watch(720)
  await watch(3_600)
  expect(actions()).toEqual(['trigger'])
})

test('no two test viruses are the same bytes, and each is one that every engine must report', async () => {
  const scanner = createClamdScanner(inject('stack').clamd)
  const made = Array.from({ length: 3 }, () => toSyntheticBytes(randomBytes(12)))
  expect(new Set(made.map(String)).size).toBe(3)
  for (const bytes of made) {
    expect(bytes.length).toBeLessThanOrEqual(128)
    expect(await scanner.scan(Readable.from([bytes]), { bytes: bytes.length })).toMatchObject({ result: 'found' })
  }
  scanner.close()
})
