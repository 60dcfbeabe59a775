import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { withCanary } from '../support/canary.ts'
import { openStored } from '../support/openStored.ts'
import { alertsAbout } from '../support/sinks.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'
import { present } from '../support/present.ts'

let world: AttachmentWorld
let gate: TcpGate
beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  world = await createAttachmentWorld({ clamd: { host: '127.0.0.1', port: gate.port } })
  await world.startWorkers()
})
afterAll(async () => {
  await world?.close()
  await gate?.stop()
})

const harmless = (text: string): Buffer => Buffer.from(withCanary(text))

describe('completion before the upload', () => {
  test('reopens the ticket, and the upload that follows is scanned by a run of its own', async () => {
    const id = await world.addTicket()
    await world.start(await world.complete(id))
    expect(await world.scanOutcome(id, 1)).toEqual({ outcome: 'no-object' })
    expect(await world.row(id)).toMatchObject({ state: 'awaiting-upload', attempt: 2 })

    await world.upload(id, harmless('late but there'))
    await world.start(await world.complete(id))
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
    expect(await world.row(id)).toMatchObject({ state: 'clean' })
  })
})

describe('a second upload to the same key', () => {
  test('before the run begins changes nothing: the first version is the one that is judged', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('the first'))
    const start = await world.complete(id)
    await world.upload(id, makeEicar())
    await world.start(start)
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    const { plaintext } = await openStored(world, 'clean', present((await world.row(id)).clean_key))
    expect(plaintext.toString()).toContain('the first')
    expect(await world.buckets.seen.incoming.listVersions((await world.row(id)).incoming_key)).toEqual([])
  })

  test('during the scan changes nothing: malware stays found', async () => {
    gate.set('held')
    const id = await world.addTicket()
    await world.upload(id, makeEicar())
    await world.start(await world.complete(id))
    await gate.waiting()
    await world.upload(id, harmless('an innocent disguise'))
    gate.set('open')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'quarantined' })
    const { plaintext } = await openStored(world, 'quarantine', present((await world.row(id)).quarantine_key))
    expect(plaintext.equals(makeEicar())).toBe(true)
  })

  test('after the scan changes nothing', async () => {
    const id = await world.send(harmless('judged'), 'text/plain')
    await world.scanOutcome(id)
    await world.upload(id, makeEicar())
    await world.start({
      type: 'scanAttachment',
      workflowId: scanAttachmentId(id, 1),
      taskQueue: world.config.taskQueues.attachments,
      input: { districtId: world.channel.districtId, attachmentId: id, attempt: 1 },
    })
    const row = await world.row(id)
    expect(row.state).toBe('clean')
    expect((await openStored(world, 'clean', present(row.clean_key))).plaintext.toString()).toContain('judged')
  })
})

describe('a deletion during the scan', () => {
  test('leaves no object anywhere and the row deleted', async () => {
    gate.set('held')
    const id = await world.send(harmless('taken back'), 'text/plain')
    await gate.waiting()
    const cleanBefore = (await world.buckets.listAll('clean')).length
    const removal = await world.remove(id)
    await world.start(removal)
    await world.adapters.client.workflow.getHandle(removal.workflowId).result()
    gate.set('open')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'superseded' })
    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'deleted', clean_key: null })
    expect(await world.buckets.seen.incoming.listVersions(row.incoming_key)).toEqual([])
    expect(await world.buckets.listAll('clean')).toHaveLength(cleanBefore)
  })

  test('does not hide malware from the engineers', async () => {
    gate.set('held')
    const id = await world.send(makeEicar(), 'text/plain')
    await gate.waiting()
    await world.remove(id)
    gate.set('open')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'superseded' })
    const alerts = await alertsAbout(id)
    expect(alerts).toHaveLength(1)
    expect(alerts[0]?.payload?.custom_details).toMatchObject({ state: 'deleted' })
  })
})

describe('a deletion after the scan', () => {
  test('removes the object and its key, so that nothing can be read again', async () => {
    const id = await world.send(harmless('short-lived'), 'text/plain')
    await world.scanOutcome(id)
    const { clean_key: cleanKey } = await world.row(id)
    const removal = await world.remove(id)
    await world.start(removal)
    expect(await world.adapters.client.workflow.getHandle(removal.workflowId).result()).toEqual({ cleanObjects: 1, incomingVersions: 0 })
    await expect(openStored(world, 'clean', present(cleanKey))).rejects.toThrow('no key')
    expect(await world.buckets.seen.clean.listVersions(present(cleanKey))).toEqual([])
  })
})

describe('starting twice', () => {
  test('is starting once, while the run goes on and after it', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('once'))
    const start = await world.complete(id)
    await Promise.all([world.start(start), world.start(start), world.start(start)])
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    await world.start(start)
    const handle = world.adapters.client.workflow.getHandle(start.workflowId)
    const history = await handle.fetchHistory()
    const placed = history.events?.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'inspectObject')
    expect(placed).toHaveLength(1)
    expect((await handle.describe()).status.name).toBe('COMPLETED')
    expect((await world.row(id)).attempt).toBe(1)
  })
})
