import { randomBytes } from 'node:crypto'
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { replayAttachment } from '../../db/queries/replayAttachment.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { toStartFor } from '../../workflows/contract.ts'
import type { SweepOutcome } from '../../workflows/sweepAttachments.ts'
import type { StoredSweepOutcome } from '../../workflows/sweepStoredObjects.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'

// Windows of nothing: every object is old enough to be judged, so that only what the rows say protects it.
const impatient = {
  longestUploadSeconds: 0,
  sweepWindows: { straySeconds: -60, vanishedSeconds: -60, failedSeconds: 3_600 },
  lostAfterSeconds: -60,
  quarantineDays: 0,
}

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld(impatient)
  await world.startWorkers()
})
afterAll(() => world?.close())

const harmless = (text: string): Buffer => Buffer.from(withCanary(text))
const run = <T>(workflow: string): Promise<T> =>
  world.adapters.client.workflow.execute(workflow, {
    workflowId: `${workflow}-${randomBytes(6).toString('hex')}`,
    taskQueue: world.config.taskQueues.maintenance,
  }) as Promise<T>
const sweep = (): Promise<SweepOutcome> => run<SweepOutcome>('sweepAttachments')
const sweepStored = (): Promise<StoredSweepOutcome> => run<StoredSweepOutcome>('sweepStoredObjects')
const relay = () => relayOutbox({ ...world.adapters, ageSeconds: 0 })

/** A file that was pinned, and whose bytes are gone: its scan fails. */
const failWithoutBytes = async (): Promise<{ id: string; replay: () => Promise<void> }> => {
  const id = await world.addTicket()
  await world.upload(id, harmless('gone'))
  const { incoming_key: key } = await world.row(id)
  const start = await world.complete(id)
  const pinned = (await world.buckets.seen.incoming.listVersions(key))[0]?.versionId
  await world.database.superuser.query(`update attachments set incoming_version_id = $2 where id = $1`, [id, pinned])
  await world.buckets.seen.incoming.deleteAllVersions(key)
  await world.start(start)
  await expect(world.scanOutcome(id)).rejects.toThrow()
  const replay = async (): Promise<void> => {
    const startFor = toStartFor('scanAttachment', world.config.taskQueues.attachments)
    const by = { actor: { kind: 'staff', name: 'test' } as const, reason: 'its uploader was told' }
    const again = await withDistrict(world.adapters.app, world.channel.districtId, (tx) =>
      replayAttachment(tx, { attachmentId: id, attempt: 1, startFor, ...by }),
    )
    await world.start(present(again))
  }
  return { id, replay }
}

describe('sweepAttachments', () => {
  beforeEach(async () => void (await sweep()))

  test('expires a ticket without an object, and leaves one that may still be used', async () => {
    const over = await world.addTicket({ ticketSeconds: 0 })
    const open = await world.addTicket()
    expect((await sweep()).tickets).toEqual({ expired: 1, started: 0 })
    expect(await world.row(over)).toMatchObject({ state: 'expired' })
    expect(await world.row(open)).toMatchObject({ state: 'awaiting-upload' })
  })

  test('starts the scan of an upload that nobody completed: a client that vanished is not a lost file', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('left behind'))
    expect((await sweep()).objects).toEqual({ removed: 0, started: 1 })
    expect(await relay()).toEqual({ claimed: 1, failed: 0 })
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
  })

  test('starts the scan of an upload whose ticket has run out meanwhile', async () => {
    const id = await world.addTicket({ ticketSeconds: 0 })
    await world.upload(id, harmless('in the last second'))
    expect((await sweep()).tickets).toEqual({ expired: 0, started: 1 })
    await relay()
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
  })

  test('leaves a start to the relay while the outbox still holds it', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('in the outbox'))
    await world.complete(id)
    expect((await sweep()).replayedScans).toBe(0)
    await relay()
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
  })

  test('replays a scan whose run was ended from outside, under the next attempt', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('terminated'))
    const start = await world.complete(id)
    await world.database.superuser.query('update outbox set started_at = now() where workflow_id = $1', [start.workflowId])
    expect((await sweep()).replayedScans).toBe(1)
    expect(await world.row(id)).toMatchObject({ state: 'scanning', attempt: 2 })
    await relay()
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
  })

  test('replays a scan whose run was ended before its start was ticked off: what has ended is never started again under its id', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('ended early'))
    const start = await world.complete(id)
    const { workflow } = world.adapters.client
    // On a queue that nobody serves, so that it does nothing before it is ended.
    await workflow.start('scanAttachment', { workflowId: start.workflowId, taskQueue: 'nobody', args: [start.input] })
    expect((await sweep()).replayedScans).toBe(0)
    await workflow.getHandle(start.workflowId).terminate()
    expect((await sweep()).replayedScans).toBe(1)
    expect(await world.row(id)).toMatchObject({ state: 'scanning', attempt: 2 })
    await relay()
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
  })

  test('ends a scan that failed and is replayed when its bytes are gone: there is nothing left to scan, and nobody waits for it any more', async () => {
    const { id, replay } = await failWithoutBytes()
    expect(await world.row(id)).toMatchObject({ state: 'failed', attempt: 1 })
    await replay()
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'no-object' })
    await world.database.superuser.query(`update attachments set ticket_expires_at = now() - interval '1 day' where id = $1`, [id])
    await sweep()
    expect(await world.row(id)).toMatchObject({ state: 'expired', verdict: null, clean_key: null })
  })

  test('does not end so what never failed: bytes that are gone are a loss that somebody has to hear of', async () => {
    const { id, replay } = await failWithoutBytes()
    // As if the run had been lost, and had not failed.
    await world.database.superuser.query(`alter table audit_entries disable trigger all`)
    await world.database.superuser.query(`delete from audit_entries where target = $1 and action = 'attachment.fail'`, [id])
    await world.database.superuser.query(`alter table audit_entries enable trigger all`)
    await replay()
    await expect(world.scanOutcome(id, 2)).rejects.toMatchObject({ cause: { type: 'PinnedVersionGone' } })
    expect(await world.row(id)).toMatchObject({ state: 'failed', attempt: 2 })
  })

  test('lets a replay finish what an earlier attempt had placed, although incoming is empty', async () => {
    const id = await world.send(harmless('placed and then lost'), 'text/plain')
    await world.scanOutcome(id)
    await world.database.superuser.query(`update attachments set state = 'scanning' where id = $1`, [id])
    await world.database.superuser.query('update outbox set started_at = now()')
    expect((await sweep()).replayedScans).toBe(1)
    await relay()
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
    const { plaintext } = await openStored(world, 'clean', present((await world.row(id)).clean_key))
    expect(plaintext.toString()).toContain('placed and then lost')
  })

  test('removes objects that no row knows from every bucket, and nothing that a row points at', async () => {
    const kept = await world.send(harmless('kept'), 'text/plain')
    const malware = await world.send(makeEicar(), 'text/plain')
    await world.scanOutcome(kept)
    await world.scanOutcome(malware)
    const stray = `${world.channel.districtId}.${randomBytes(16).toString('hex')}`
    for (const role of ['incoming', 'clean', 'quarantine'] as const) await world.buckets.put(role, stray, Buffer.from('stray'))
    expect((await sweep()).objects).toEqual({ removed: 1, started: 0 })
    expect((await sweepStored()).removed).toBe(2)
    for (const role of ['incoming', 'clean', 'quarantine'] as const) expect(await world.buckets.seen[role].listVersions(stray)).toEqual([])
    expect((await openStored(world, 'clean', present((await world.row(kept)).clean_key))).plaintext.toString()).toContain('kept')
    expect(await openStored(world, 'quarantine', present((await world.row(malware)).quarantine_key))).toMatchObject({ keyName: 'safety' })
  })

  test('removes what was uploaded beside the pinned version, and never the pinned version itself', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless('pinned'))
    await world.complete(id)
    const key = (await world.row(id)).incoming_key
    const [pinned] = await world.buckets.seen.incoming.listVersions(key)
    await world.database.superuser.query('update attachments set incoming_version_id = $2 where id = $1', [id, present(pinned).versionId])
    await world.upload(id, harmless('beside it'))
    expect((await sweep()).objects).toEqual({ removed: 1, started: 0 })
    expect(await world.buckets.seen.incoming.listVersions(key)).toMatchObject([{ versionId: present(pinned).versionId }])
    await relay()
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
  })

  test('aborts half-done uploads', async () => {
    const { endpoint, region, scanner } = inject('stack').s3
    const s3 = createS3Client({ endpoint, region, credentials: scanner })
    const Bucket = world.buckets.names.clean
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: `${world.channel.districtId}.${randomBytes(16).toString('hex')}` }))
    expect((await sweepStored()).abortedUploads).toBe(1)
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).toEqual([])
    s3.destroy()
  })
})

describe('purgeQuarantine', () => {
  test('removes object and key past their retention, once, with a line in the audit log; the verdict stays', async () => {
    const id = await world.send(makeEicar(), 'text/plain')
    await world.scanOutcome(id)
    const { quarantine_key: key } = await world.row(id)
    expect((await run<{ purged: number }>('purgeQuarantine')).purged).toBeGreaterThan(0)
    expect(await run('purgeQuarantine')).toEqual({ purged: 0 })
    expect(await world.row(id)).toMatchObject({ state: 'quarantined', verdict: 'infected', quarantine_key: null })
    expect(await world.buckets.seen.quarantine.listVersions(present(key))).toEqual([])
    const { rows } = await world.database.superuser.query(
      `select action, actor from audit_entries where target = $1 and action = 'quarantine.purge'`,
      [id],
    )
    expect(rows).toEqual([{ action: 'quarantine.purge', actor: 'sweeper' }])
  })

  test('keeps what is within its retention', async () => {
    const patient = await createAttachmentWorld({ quarantineDays: 30 })
    try {
      await patient.startWorkers()
      const id = await patient.send(makeEicar(), 'text/plain')
      await patient.scanOutcome(id)
      const outcome = await patient.adapters.client.workflow.execute('purgeQuarantine', {
        workflowId: `purge-${randomBytes(6).toString('hex')}`,
        taskQueue: patient.config.taskQueues.maintenance,
      })
      expect(outcome).toEqual({ purged: 0 })
      expect((await patient.row(id)).quarantine_key).not.toBeNull()
    } finally {
      await patient.close()
    }
  })
})
