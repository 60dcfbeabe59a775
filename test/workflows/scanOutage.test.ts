import { WorkflowFailedError } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { getProgressQuery, retryNowSignal, scanAttachmentId, type ScanProgress } from '../../workflows/contract.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'
import { present } from '../support/present.ts'

const harmless = (text: string): Buffer => Buffer.from(withCanary(text))

/** A world whose scanner stands behind a door, at its own pace. */
const createGatedWorld = async (pace: Partial<typeof testPace>): Promise<{ world: AttachmentWorld; gate: TcpGate }> => {
  const gate = await startTcpGate(inject('stack').clamd)
  const world = await createAttachmentWorld({ clamd: { host: '127.0.0.1', port: gate.port }, pace: { ...testPace, ...pace } })
  await world.startWorkers()
  return { world, gate }
}

const progressOf = (world: AttachmentWorld, id: string): Promise<ScanProgress> =>
  world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1)).query<ScanProgress>(getProgressQuery)

describe('a scanner that is down', () => {
  let world: AttachmentWorld
  let gate: TcpGate
  beforeAll(async () => {
    // The wait between rounds is longer than the test: only the signal can end it.
    ;({ world, gate } = await createGatedWorld({ waitBetweenTriesMs: 3_600_000, waitBetweenRoundsMs: 3_600_000, delayedAfterMs: 0 }))
  })
  afterAll(async () => {
    await world?.close()
    await gate?.stop()
  })

  test('means waiting, never a verdict; and retryNow ends the wait as soon as it is up', async () => {
    gate.set('closed')
    const id = await world.send(harmless('patience'), 'text/plain')
    const handle = world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
    await vi.waitFor(async () => expect(await progressOf(world, id)).toMatchObject({ stage: 'delayed', round: 1 }), {
      timeout: 30_000,
      interval: 200,
    })
    expect(await world.row(id)).toMatchObject({ state: 'scanning', verdict: null })

    await handle.signal(retryNowSignal)
    await vi.waitFor(async () => expect((await progressOf(world, id)).round).toBe(2), { timeout: 30_000, interval: 200 })
    const { searchAttributes } = await handle.describe()
    expect(searchAttributes).toMatchObject({ Stage: ['delayed'], DistrictId: [world.channel.districtId], AttachmentId: [id] })

    gate.set('open')
    await handle.signal(retryNowSignal)
    expect(await handle.result()).toEqual({ outcome: 'clean' })
    expect((await handle.describe()).searchAttributes).toMatchObject({ Stage: ['done'] })
  })
})

describe('a long outage', () => {
  let world: AttachmentWorld
  let gate: TcpGate
  beforeAll(async () => {
    ;({ world, gate } = await createGatedWorld({ attemptsPerRound: 1, waitBetweenRoundsMs: 100, roundsPerRun: 2, delayedAfterMs: 1 }))
  })
  afterAll(async () => {
    await world?.close()
    await gate?.stop()
  })

  test('continues as new, stays delayed, and ends clean when the scanner is back', async () => {
    gate.set('closed')
    const id = await world.send(harmless('long patience'), 'text/plain')
    await vi.waitFor(async () => expect((await progressOf(world, id)).round).toBeGreaterThan(5), { timeout: 50_000, interval: 200 })
    const handle = world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
    expect(await progressOf(world, id)).toMatchObject({ stage: 'delayed' })
    expect((await handle.describe()).searchAttributes).toMatchObject({ Stage: ['delayed'] })
    gate.set('open')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
  })
})

describe('a fault that no repetition cures', () => {
  let world: AttachmentWorld
  let gate: TcpGate
  beforeAll(async () => {
    ;({ world, gate } = await createGatedWorld({}))
  })
  afterAll(async () => {
    await world?.close()
    await gate?.stop()
  })

  test('ends the row as failed, and then the run', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('lost'))
    const start = await world.complete(id)
    const row = await world.row(id)
    const [version] = await world.buckets.seen.incoming.listVersions(row.incoming_key)
    await world.database.superuser.query('update attachments set incoming_version_id = $2 where id = $1', [id, present(version).versionId])
    await world.buckets.seen.incoming.deleteAllVersions(row.incoming_key)
    await world.start(start)
    const failure = await world.scanOutcome(id).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WorkflowFailedError)
    expect((failure as WorkflowFailedError).cause).toMatchObject({ type: 'PinnedVersionGone' })
    expect(await world.row(id)).toMatchObject({ state: 'failed', verdict: null })
  })
})

describe('a worker that drains in the middle of a scan', () => {
  test('hands it over: another worker does it again', async () => {
    const { world, gate } = await createGatedWorld({ heartbeatTimeoutMs: 2_000 })
    try {
      gate.set('held')
      const id = await world.send(harmless('survivor'), 'text/plain')
      await gate.waiting()
      const [dying] = world.running()
      const successor = world.startWorkers()
      await present(dying).drain()
      await successor
      gate.set('open')
      expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    } finally {
      await world.close()
      await gate.stop()
    }
  })
})
