import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database, DistrictTransaction } from '../../db/openDatabase.ts'
import { addObjectKey } from '../../db/queries/addObjectKey.ts'
import { claimIdempotencyKey, settleIdempotencyKey } from '../../db/queries/claimIdempotencyKey.ts'
import { claimOutbox } from '../../db/queries/claimOutbox.ts'
import { closeScan } from '../../db/queries/closeScan.ts'
import { completeAttachment, completeVanishedUpload } from '../../db/queries/completeAttachment.ts'
import { createAttachment } from '../../db/queries/createAttachment.ts'
import { deleteAttachment } from '../../db/queries/deleteAttachment.ts'
import type { StartFor } from '../../db/queries/enqueueWorkflow.ts'
import { expireAttachment } from '../../db/queries/expireAttachment.ts'
import { findAttachment } from '../../db/queries/findAttachment.ts'
import { listAttachments } from '../../db/queries/listAttachments.ts'
import { listDueTickets } from '../../db/queries/listDueTickets.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { pinVersion } from '../../db/queries/pinVersion.ts'
import { placeVerdict } from '../../db/queries/placeVerdict.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { mayStillDownload, recordDownload } from '../../db/queries/recordDownload.ts'
import { recordFailure } from '../../db/queries/recordFailure.ts'
import { reopenTicket } from '../../db/queries/reopenTicket.ts'
import { replayAttachment } from '../../db/queries/replayAttachment.ts'
import { markStarted } from '../../db/queries/settleOutbox.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test.close())

const startFor: StartFor = ({ districtId, attachmentId, attempt }) => ({
  type: 'scanAttachment',
  workflowId: `scan-attachment:${attachmentId}:${attempt}`,
  taskQueue: 'attachments',
  input: { districtId, attachmentId, attempt },
})

type World = SampleDistrict & { channelId: string; attachmentId: string; in<T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> }

/** A district whose teacher has an upload ticket in the channel with the student. */
const createWorld = async (): Promise<World> => {
  const district = await createSampleDistrict(test.superuser)
  const { districtId, teacherId, studentId } = district
  const within = <T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> => withDistrict(app, districtId, work)
  const opened = await within((tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))
  const channelId = opened?.channel.id ?? ''
  const attachmentId = newId()
  await within((tx) =>
    createAttachment(tx, {
      id: attachmentId,
      channelId,
      uploaderId: teacherId,
      fileName: randomBytes(40),
      contentType: 'application/pdf',
      bytes: 1_000,
      ticketSeconds: 600,
    }),
  )
  return { ...district, channelId, attachmentId, in: within }
}

const complete = (world: World) => world.in((tx) => completeAttachment(tx, { ...world, actorId: world.teacherId, startFor }))
const post = (world: World) =>
  world.in((tx) =>
    postMessage(tx, {
      id: newId(),
      channelId: world.channelId,
      authorId: world.teacherId,
      body: randomBytes(9),
      attachmentIds: [world.attachmentId],
    }),
  )
const stateOf = async ({ attachmentId }: World) =>
  (await test.superuser.query('select state, attempt, verdict, incoming_version_id from attachments where id = $1', [attachmentId])).rows[0]
const auditOf = async ({ districtId }: World): Promise<string[]> =>
  (await test.superuser.query('select action from audit_entries where district_id = $1 order by id', [districtId])).rows.map(
    ({ action }) => action,
  )
const findings = { signature: null, engine: 'engine', databaseVersion: '1', sha256: 'ab'.repeat(32), sniffedType: 'application/pdf' }

/** Takes the attachment to `clean`, with a key for its object. */
const release = async (world: World): Promise<void> => {
  await complete(world)
  await world.in(async (tx) => {
    await addObjectKey(tx, { objectKey: `clean-${world.attachmentId}`, keyName: `district/${world.districtId}`, wrapped: randomBytes(60) })
    const clean = {
      verdict: 'clean',
      cleanKey: `clean-${world.attachmentId}`,
      cleanBytes: 900,
      cleanContentType: 'application/pdf',
    } as const
    await placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean })
    await closeScan(tx, world.attachmentId, 1)
  })
}

const removal: StartFor = (ref) => ({
  ...startFor(ref),
  type: 'removeAttachment',
  workflowId: `remove-attachment:${ref.attachmentId}:${ref.attempt}`,
})

describe('an upload ticket', () => {
  it('is given to a party of a live channel alone, and never beyond the district’s limit', async () => {
    const world = await createWorld()
    const ask = (uploaderId: string, bytes: number) =>
      world.in((tx) =>
        createAttachment(tx, {
          id: newId(),
          channelId: world.channelId,
          uploaderId,
          fileName: randomBytes(9),
          contentType: 'text/plain',
          bytes,
          ticketSeconds: 1,
        }),
      )
    expect(await ask(world.studentId, 1)).toMatchObject({ state: 'awaiting-upload', attempt: 1, uploaderId: world.studentId })
    expect(await ask(world.strangerId, 1)).toBeNull()
    expect(await ask(world.teacherId, 51 * 1024 * 1024)).toBeNull()
    await test.superuser.query('update users set is_active = false where id = $1', [world.studentId])
    expect(await ask(world.teacherId, 1)).toBeNull()
  })

  it('is completed once, by its uploader, with its outbox entry and its audit entry', async () => {
    const world = await createWorld()
    expect(await world.in((tx) => completeAttachment(tx, { ...world, actorId: world.studentId, startFor }))).toBeNull()
    const answers = await Promise.all([complete(world), complete(world), complete(world)])
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    const { rows } = await test.superuser.query('select workflow_id, input from outbox where district_id = $1', [world.districtId])
    expect(rows).toEqual([
      {
        workflow_id: `scan-attachment:${world.attachmentId}:1`,
        input: { districtId: world.districtId, attachmentId: world.attachmentId, attempt: 1 },
      },
    ])
    expect(await auditOf(world)).toEqual(['attachment.complete'])
    expect(await stateOf(world)).toMatchObject({ state: 'scanning', attempt: 1 })
  })

  it('leaves neither row nor outbox entry when the transaction fails', async () => {
    const world = await createWorld()
    const failing = world.in(async (tx) => {
      await completeAttachment(tx, { ...world, actorId: world.teacherId, startFor })
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    const { rowCount } = await test.superuser.query('select 1 from outbox where district_id = $1', [world.districtId])
    expect([rowCount, (await stateOf(world)).state, await auditOf(world)]).toEqual([0, 'awaiting-upload', []])
  })

  it('waits again when nothing was uploaded, and its next completion is a run of its own', async () => {
    const world = await createWorld()
    await complete(world)
    expect(await world.in((tx) => reopenTicket(tx, { ...world, attempt: 1 }))).toBe(true)
    expect(await world.in((tx) => reopenTicket(tx, { ...world, attempt: 1 }))).toBe(false)
    expect(await complete(world)).toMatchObject({ workflowId: `scan-attachment:${world.attachmentId}:2` })
  })

  it('expires when no upload can still be running, and not before', async () => {
    const world = await createWorld()
    const sweeper = await test.open('sweeper', 1)
    const due = async (): Promise<boolean> =>
      (await acrossDistricts(sweeper, (tx) => listDueTickets(tx, { longestUploadSeconds: 60, after: null, limit: 100 }))).some(
        ({ attachmentId }) => attachmentId === world.attachmentId,
      )
    const expire = () => world.in((tx) => expireAttachment(tx, { ...world, longestUploadSeconds: 60 }))
    expect([await due(), await expire()]).toEqual([false, false])
    await test.superuser.query(`update attachments set ticket_expires_at = now() - interval '59 seconds' where id = $1`, [
      world.attachmentId,
    ])
    expect([await due(), await expire()]).toEqual([false, false])
    await test.superuser.query(`update attachments set ticket_expires_at = now() - interval '61 seconds' where id = $1`, [
      world.attachmentId,
    ])
    expect([await due(), await expire()]).toEqual([true, true])
    expect([await complete(world), (await stateOf(world)).state]).toEqual([null, 'expired'])
  })

  it('is completed for a client that vanished', async () => {
    const world = await createWorld()
    await test.superuser.query('update users set is_active = false where id = $1', [world.teacherId])
    expect(await complete(world)).toBeNull()
    expect(await world.in((tx) => completeVanishedUpload(tx, { ...world, startFor }))).not.toBeNull()
  })
})

describe('a run', () => {
  it('pins one version for good', async () => {
    const world = await createWorld()
    await complete(world)
    const pin = (versionId: string, attempt = 1) => world.in((tx) => pinVersion(tx, { ...world, attempt, versionId }))
    expect([await pin('v1'), await pin('v1'), await pin('v2'), await pin('v1', 2)]).toEqual([true, true, false, false])
    expect(await stateOf(world)).toMatchObject({ incoming_version_id: 'v1' })
  })

  it('of an earlier attempt writes nothing after a replay', async () => {
    const world = await createWorld()
    await complete(world)
    const start = await world.in((tx) => replayAttachment(tx, { ...world, attempt: 1, actor: { kind: 'staff', name: 'oncall' }, startFor }))
    expect(start).toMatchObject({ workflowId: `scan-attachment:${world.attachmentId}:2` })
    const clean = { verdict: 'clean', cleanKey: 'k', cleanBytes: 1, cleanContentType: 'application/pdf' } as const
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean }))).toBe(false)
    expect(await world.in((tx) => closeScan(tx, world.attachmentId, 1))).toBeNull()
    expect(await world.in((tx) => recordFailure(tx, { ...world, attempt: 1 }, 'Fault'))).toBe(false)
    expect(await stateOf(world)).toMatchObject({ state: 'scanning', attempt: 2, verdict: null })
  })

  it('never turns infected into clean', async () => {
    const world = await createWorld()
    await complete(world)
    const infected = { verdict: 'infected', quarantineKey: `q-${world.attachmentId}`, quarantineDays: 30 } as const
    const clean = { verdict: 'clean', cleanKey: 'k', cleanBytes: 1, cleanContentType: 'application/pdf' } as const
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...infected }))).toBe(true)
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean }))).toBe(false)
    expect(await world.in((tx) => closeScan(tx, world.attachmentId, 1))).toBe('quarantined')
    expect(await world.in((tx) => recordDownload(tx, { ...world, actorId: world.teacherId }))).toBeNull()
    expect(await world.in((tx) => deleteAttachment(tx, { ...world, actorId: world.teacherId, startFor }))).toBeNull()
  })

  it('loses to the uploader who deletes meanwhile', async () => {
    const world = await createWorld()
    await complete(world)
    expect(await world.in((tx) => deleteAttachment(tx, { ...world, actorId: world.teacherId, startFor: removal }))).toMatchObject({
      type: 'removeAttachment',
    })
    const clean = { verdict: 'clean', cleanKey: 'k', cleanBytes: 1, cleanContentType: 'application/pdf' } as const
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean }))).toBe(false)
    expect([(await stateOf(world)).state, await auditOf(world)]).toEqual(['deleted', ['attachment.complete', 'attachment.delete']])
  })
})

describe('the table itself', () => {
  it.each([
    `state = 'clean'`,
    `state = 'clean', verdict = 'clean'`,
    `state = 'clean', verdict = 'unscannable', clean_key = 'k'`,
    `state = 'clean', clean_key = 'k'`,
    `state = 'quarantined', verdict = 'clean'`,
    `state = 'refused', verdict = 'unscannable'`,
  ])('refuses even a superuser an attachment with %s', async (change) => {
    const world = await createWorld()
    await expect(test.superuser.query(`update attachments set ${change} where id = $1`, [world.attachmentId])).rejects.toThrow(
      'check constraint',
    )
  })

  it('refuses a district a limit beyond what the scanner sees whole', async () => {
    const { districtId } = await createWorld()
    const change = test.superuser.query('update districts set upload_bytes_max = 95 * 1024 * 1024 + 1 where id = $1', [districtId])
    await expect(change).rejects.toThrow('check constraint')
  })
})

describe('an attachment', () => {
  it('is its uploader’s alone until it is posted, and the channel’s from then on', async () => {
    const world = await createWorld()
    const standing = async (actorId: string): Promise<unknown> => {
      const found = await world.in((tx) => findAttachment(tx, { ...world, actorId }))
      const listed = await world.in((tx) => listAttachments(tx, { channelId: world.channelId, actorId, limit: 10 }))
      return [found?.relation, found?.standing, listed.length]
    }
    expect(await standing(world.teacherId)).toEqual(['rostered', 'uploader', 1])
    expect(await standing(world.studentId)).toEqual(['rostered', 'none', 0])
    await post(world)
    expect(await standing(world.studentId)).toEqual(['rostered', 'audience', 1])
    expect(await standing(world.guardianId)).toEqual(['stranger', 'none', 0])
    await test.superuser.query('update enrollments set until_version = 2 where id = $1', [world.learningId])
    expect(await standing(world.teacherId)).toEqual(['ended', 'uploader', 0])
    expect(await standing(world.studentId)).toEqual(['ended', 'audience', 0])
  })

  it('is downloaded only while clean, posted and rostered, and each download leaves a row that says who', async () => {
    const world = await createWorld()
    const ask = (actorId: string) => world.in((tx) => recordDownload(tx, { ...world, actorId }))
    const goOn = () => world.in((tx) => mayStillDownload(tx, { ...world, actorId: world.studentId }))
    expect(await ask(world.teacherId)).toBeNull()
    await release(world)
    expect(await ask(world.studentId)).toBeNull()
    await post(world)
    expect(await ask(world.studentId)).toMatchObject({
      cleanKey: `clean-${world.attachmentId}`,
      cleanBytes: 900,
      keyName: `district/${world.districtId}`,
    })
    expect(await goOn()).toBe(true)
    expect(await ask(world.guardianId)).toBeNull()
    await test.superuser.query('update enrollments set until_version = 2 where id = $1', [world.learningId])
    expect([await ask(world.studentId), await ask(world.teacherId), await goOn()]).toEqual([null, null, false])
    const { rows } = await test.superuser.query(
      `select actor, target from audit_entries where district_id = $1 and action = 'attachment.download'`,
      [world.districtId],
    )
    expect(rows).toEqual([{ actor: world.studentId, target: world.attachmentId }])
  })
})

describe('the outbox', () => {
  it('gives each entry to one of many relays, and again only after its hold is over', async () => {
    const relay = await test.open('relay', 5)
    const worlds: World[] = []
    for (let count = 0; count < 10; count += 1) worlds.push(await createWorld())
    for (const world of worlds) await complete(world)
    const own = new Set(worlds.map(({ districtId }) => districtId))
    const claim = async (holdSeconds: number) =>
      (await acrossDistricts(relay, (tx) => claimOutbox(tx, { limit: 100, ageSeconds: 0, holdSeconds }))).filter(({ districtId }) =>
        own.has(districtId),
      )
    const claimed = (await Promise.all(Array.from({ length: 5 }, () => claim(600)))).flat()
    expect(claimed).toHaveLength(10)
    expect(new Set(claimed.map(({ outboxId }) => outboxId)).size).toBe(10)
    expect(await claim(600)).toEqual([])
    await test.superuser.query(`update outbox set claimed_until = now() - interval '1 second'`)
    const [again] = await claim(600)
    expect(again?.attempts).toBe(2)
    for (const entry of claimed) await acrossDistricts(relay, (tx) => markStarted(tx, entry))
    await test.superuser.query(`update outbox set claimed_until = null`)
    expect(await claim(600)).toEqual([])
  })

  it('leaves young entries to whoever committed them', async () => {
    const relay = await test.open('relay', 1)
    const world = await createWorld()
    await complete(world)
    const claimed = await acrossDistricts(relay, (tx) => claimOutbox(tx, { limit: 100, ageSeconds: 60, holdSeconds: 1 }))
    expect(claimed.filter(({ districtId }) => districtId === world.districtId)).toEqual([])
  })
})

describe('an idempotency key', () => {
  it('lets one of many equal requests do the work, and the others see its result', async () => {
    const world = await createWorld()
    const request = { userId: world.teacherId, key: 'key-1', route: 'POST /x', fingerprint: Buffer.from('same') }
    const resultId = newId()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        world.in(async (tx) => {
          const claim = await claimIdempotencyKey(tx, request)
          if (claim.outcome === 'new') await settleIdempotencyKey(tx, request, { kind: 'thing', id: resultId })
          return claim
        }),
      ),
    )
    expect(answers.filter(({ outcome }) => outcome === 'new')).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === 'done')).toEqual(Array.from({ length: 4 }, () => ({ outcome: 'done', resultId })))
    const other = { ...request, fingerprint: Buffer.from('other') }
    expect(await world.in((tx) => claimIdempotencyKey(tx, other))).toEqual({ outcome: 'other-request' })
  })

  it('is free again when the work failed', async () => {
    const world = await createWorld()
    const request = { userId: world.teacherId, key: 'key-1', route: 'POST /x', fingerprint: Buffer.from('same') }
    const failing = world.in(async (tx) => {
      await claimIdempotencyKey(tx, request)
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await world.in((tx) => claimIdempotencyKey(tx, request))).toEqual({ outcome: 'new' })
  })
})
