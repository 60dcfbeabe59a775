import { randomBytes } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/activity'
import { v7 as newId } from 'uuid'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { createAlertDelayed } from '../../activities/alertDelayed.ts'
import { createForgetStale } from '../../activities/forgetStale.ts'
import { createPurgeQuarantined } from '../../activities/purgeQuarantined.ts'
import { createSettleTickets } from '../../activities/settleTickets.ts'
import { createSweepBuckets } from '../../activities/sweepBuckets.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { addObjectKey } from '../../db/queries/addObjectKey.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import type { Alert, ObjectBucket } from '../../domain/ports.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { inActivity } from '../support/inActivity.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startTcpGate } from '../support/tcpGate.ts'

const windows = { straySeconds: -60, vanishedSeconds: -60, failedSeconds: 3_600 }
const impatient = { quarantineDays: 0, longestUploadSeconds: 0, lostAfterSeconds: -60, sweepWindows: windows }

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const world of open.splice(0)) await world.close()
})
const createWorld = async (change: Parameters<typeof createAttachmentWorld>[0] = {}): Promise<AttachmentWorld> => {
  const world = await createAttachmentWorld({ ...impatient, ...change })
  open.push(world)
  return world
}
const run = (world: AttachmentWorld, workflow: string) =>
  world.adapters.client.workflow.execute(workflow, {
    workflowId: `${workflow}-${randomBytes(6).toString('hex')}`,
    taskQueue: world.config.taskQueues.maintenance,
  })
/** A bucket whose store refuses to delete these keys, or to list them. */
const refusing = (bucket: ObjectBucket, ...keys: string[]): ObjectBucket => {
  const check = (key: string): void => {
    if (keys.includes(key)) throw new Error('AccessDenied')
  }
  return {
    ...bucket,
    listVersions: async (key) => (check(key), bucket.listVersions(key)),
    deleteAllVersions: async (key) => (check(key), bucket.deleteAllVersions(key)),
    deleteVersion: async (key, versionId) => (check(key), bucket.deleteVersion(key, versionId)),
  }
}

const listening = () => {
  const alerts: Alert[] = []
  return { alerts, pager: { raise: async (alert: Alert) => void alerts.push(alert) } }
}

describe('the alert of uploads that wait too long', () => {
  test('is raised for an upload that no run has even begun to scan, with how many, how long, and how the scanner stands', async () => {
    const gate = await startTcpGate(inject('stack').clamd)
    try {
      const world = await createWorld({ clamd: { host: '127.0.0.1', port: gate.port } })
      const { alerts, pager } = listening()
      const look = () => inActivity(createAlertDelayed({ ...world.adapters, pager, delayedAfterSeconds: 600 }))
      for (let count = 0; count < 2; count += 1) await world.complete(await world.addTicket())
      expect(await look()).toBe(0)
      await world.database.superuser.query(`update attachments set upload_completed_at = now() - interval '11 minutes'`)
      gate.set('closed')
      expect(await look()).toBe(2)
      expect(alerts.at(-1)).toMatchObject({
        action: 'trigger',
        dedupKey: 'attachments-delayed',
        severity: 'error',
        details: { count: 2, scanner: 'unavailable' },
      })
      expect(alerts.at(-1)?.details['oldestSeconds']).toBeGreaterThanOrEqual(660)
    } finally {
      await gate.stop()
    }
  })

  test('stands for as long as one upload waits, whatever became of the others, and ends with the last', async () => {
    const world = await createWorld()
    const { alerts, pager } = listening()
    const look = () => inActivity(createAlertDelayed({ ...world.adapters, pager, delayedAfterSeconds: 0 }))
    const ids = [await world.addTicket(), await world.addTicket()]
    for (const id of ids) {
      await world.upload(id, Buffer.from(withCanary('waiting')))
      await world.complete(id)
    }
    await look()
    await look()
    for (const id of ids) {
      await world.remove(id)
      await look()
    }
    expect(alerts.map(({ action }) => action)).toEqual(['trigger', 'resolve'])
  })

  test('comes from the sweep itself, though every other step of it fails; and the steps do not keep each other from their turn', async () => {
    const world = await createWorld({ pace: { ...testPace, delayedAfterMs: 0 } })
    const { alerts, pager } = listening()
    const done: string[] = []
    const fail = async (step: string): Promise<never> => {
      done.push(step)
      throw ApplicationFailure.nonRetryable('away', 'StoreAway')
    }
    const steps = ['settleTickets', 'restartLostScans', 'sweepIncoming']
    const workers = await startFaultyWorkers(world, {
      adapters: { pager },
      before: Object.fromEntries(steps.map((step) => [step, () => fail(step)])),
    })
    await world.complete(await world.addTicket())
    await expect(run(world, 'sweepAttachments')).rejects.toThrow()
    await workers.drain()
    expect(alerts.map(({ action }) => action)).toEqual(['trigger'])
    expect([...new Set(done)]).toEqual(steps)
  })

  test('a pager that is away stops no step of the sweep', async () => {
    const world = await createWorld({ pace: { ...testPace, delayedAfterMs: 0 } })
    await world.complete(await world.addTicket())
    const workers = await startFaultyWorkers(world, { adapters: { pager: { raise: () => Promise.reject(new Error('away')) } } })
    const id = await world.addTicket({ ticketSeconds: 0 })
    await expect(run(world, 'sweepAttachments')).rejects.toThrow()
    await workers.drain()
    expect(await world.row(id)).toMatchObject({ state: 'expired' })
  })
})

describe('one object that the store will not give up', () => {
  test('keeps no other from its purge, and stays readable evidence with its key', async () => {
    const world = await createWorld()
    await world.startWorkers()
    const ids = [await world.send(makeEicar(), 'text/plain'), await world.send(makeEicar(), 'text/plain')]
    for (const id of ids) await world.scanOutcome(id)
    const [first, second] = ids.map(present)
    const bad = present((await world.row(present(first))).quarantine_key)
    const quarantine = refusing(world.adapters.quarantine, bad)
    await expect(inActivity(createPurgeQuarantined({ ...world.adapters, quarantine }))).rejects.toMatchObject({
      type: 'ItemsFailed',
      message: expect.stringContaining('1 of 2'),
    })
    expect(await world.row(present(second))).toMatchObject({ quarantine_key: null })
    expect(await world.row(present(first))).toMatchObject({ quarantine_key: bad })
    expect((await openStored(world, 'quarantine', bad)).plaintext.equals(makeEicar())).toBe(true)
  })

  test('keeps no other from the sweep of its bucket, nor a ticket from the tickets behind it', async () => {
    const world = await createWorld()
    const keys = ['a', 'b', 'c'].map((letter) => `${letter}${randomBytes(8).toString('hex')}`)
    for (const key of keys) await world.buckets.put('incoming', key, Buffer.from('stray'))
    const tickets = [await world.addTicket({ ticketSeconds: 0 }), await world.addTicket({ ticketSeconds: 0 })]
    const incoming = refusing(world.adapters.incoming, present(keys[0]), (await world.row(present(tickets[0]))).incoming_key)
    const deps = { ...world.adapters, incoming, attachmentsQueue: 'none', windows, longestUploadSeconds: 0 }
    await expect(inActivity(createSweepBuckets(deps, ['incoming']))).rejects.toMatchObject({ message: expect.stringContaining('1 of 3') })
    expect((await world.buckets.listAll('incoming')).map(({ key }) => key)).toEqual([keys[0]])
    await expect(inActivity(createSettleTickets(deps))).rejects.toMatchObject({ message: expect.stringContaining('1 of 2') })
    expect(await world.row(present(tickets[1]))).toMatchObject({ state: 'expired' })
  })
})

describe('a sweep that was cut off', () => {
  test('is taken up behind the last object it had done', async () => {
    const world = await createWorld()
    const keys = ['a', 'b', 'c', 'd']
    for (const key of keys) await world.buckets.put('incoming', key, Buffer.from('stray'))
    const deps = { ...world.adapters, attachmentsQueue: 'none', windows }
    const swept = await inActivity(createSweepBuckets(deps, ['incoming']), undefined, 'incoming/b')
    expect(swept).toEqual({ removed: 2, started: 0 })
    expect((await world.buckets.listAll('incoming')).map(({ key }) => key)).toEqual(['a', 'b'])
  })
})

describe('malware whose retention is over before its scan is closed', () => {
  test('is purged only after that: the scan ends, and nothing is stuck', async () => {
    const world = await createWorld()
    const purge = createPurgeQuarantined(world.adapters)
    const early: number[] = []
    const workers = await startFaultyWorkers(world, { before: { closeAttachment: async () => void early.push(await inActivity(purge)) } })
    const id = await world.send(makeEicar(), 'text/plain')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'quarantined' })
    await workers.drain()
    expect(early).toEqual([0])
    expect(await inActivity(purge)).toBe(1)
  })
})

describe('what the database need not remember', () => {
  test('a wrapped key that no row names is forgotten once no write can be under way, and one that a row names never', async () => {
    const world = await createWorld()
    await world.startWorkers()
    for (const content of [makeEicar(), Buffer.from(withCanary('kept'))]) await world.scanOutcome(await world.send(content, 'text/plain'))
    const stray = `${world.channel.districtId}.${'0'.repeat(32)}`
    await withDistrict(world.adapters.app, world.channel.districtId, (tx) =>
      addObjectKey(tx, { objectKey: stray, keyName: 'safety', wrapped: randomBytes(92) }),
    )
    const forget = (straySeconds: number) => inActivity(createForgetStale({ ...world.adapters, windows: { ...windows, straySeconds } }))
    expect(await forget(600)).toBe(0)
    expect(await forget(-60)).toBe(1)
    const { rows } = await world.database.superuser.query('select object_key from keys.object_keys')
    expect(rows).toHaveLength(2)
    expect(rows).not.toContainEqual({ object_key: stray })
  })

  test('starts that were handed over 90 days ago and idempotency keys of a week ago; nothing younger, and no start that still waits', async () => {
    const world = await createWorld()
    const { districtId, teacherId } = world.channel
    const { superuser } = world.database
    const ages = [89, 91]
    for (const days of ages) {
      await superuser.query(
        `insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input, created_at, started_at)
         values ($1, $2, 'w', 'started' || $3::int, 'q', '{}', now() - interval '200 days', now() - make_interval(days => $3::int)),
                ($1, $4, 'w', 'waiting' || $3::int, 'q', '{}', now() - make_interval(days => $3::int), null)`,
        [districtId, newId(), days, newId()],
      )
    }
    for (const days of [6, 8]) {
      await superuser.query(
        `insert into idempotency_keys (district_id, user_id, key, route, fingerprint, status, created_at)
         values ($1, $2, 'days' || $3::int, 'r', '\\x00', 'done', now() - make_interval(days => $3::int))`,
        [districtId, teacherId, days],
      )
    }
    expect(await inActivity(createForgetStale({ ...world.adapters, windows }))).toBe(2)
    const left = await superuser.query('select workflow_id from outbox order by 1')
    expect(left.rows.map((row: { workflow_id: string }) => row.workflow_id)).toEqual(['started89', 'waiting89', 'waiting91'])
    expect((await superuser.query('select key from idempotency_keys')).rows).toEqual([{ key: 'days6' }])
  })
})
