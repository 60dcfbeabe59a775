import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTellParted } from '../../activities/roster/settleVersion.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { settleVersionId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { inActivity } from '../support/inActivity.ts'
import { present } from '../support/present.ts'
import { createRosterActs, packBulk, testRosterPace, withoutStudent, type RosterActs } from '../support/rosterActs.ts'
import { mailsTo } from '../support/sinks.ts'
import type { FeedFiles } from '../support/feedFiles.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld({ rosterPace: testRosterPace })
  await world.startWorkers()
})
afterAll(() => world?.close())

/** A school year that is always now, and an address of the student's that no other test writes to. */
const lasting =
  (address: string) =>
  (files: FeedFiles): FeedFiles => ({
    ...files,
    academicSessions: String(files['academicSessions']).replaceAll('2026-08-24', '2000-08-24').replaceAll('2027-06-12', '2099-06-12'),
    users: String(files['users']).replace('u1@example.org', address),
  })

const withoutPerson = (files: FeedFiles): FeedFiles => ({
  ...withoutStudent(files),
  users: String(files['users']).replace(/^u1,.*\n/m, ''),
  roles: String(files['roles']).replace(/^r1,.*\n/m, ''),
})

/** A teacher and a student in conversation: the student is signed in, and has begun to upload. */
const converse = async () => {
  const district = await createRosterActs(world)
  const address = `student-${district.districtId}@example.org`
  await end(district, await packBulk(lasting(address)))
  const { superuser } = world.database
  const find = async (sourcedId: string): Promise<string> =>
    present(
      (
        await superuser.query<{ id: string }>('select id from users where district_id = $1 and sourced_id = $2', [
          district.districtId,
          sourcedId,
        ])
      ).rows[0],
    ).id
  const [studentId, teacherId] = [await find('u1'), await find('u2')]
  const opened = await withDistrict(world.adapters.app, district.districtId, (tx) =>
    openChannel(tx, { teacherId, participantId: studentId, studentId }),
  )
  const attachmentId = newId()
  await superuser.query(
    `insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at)
     values ($1, $2, $3, $4, 'awaiting-upload', '\\x00', 'application/pdf', 1, $5, now() + interval '10 minutes')`,
    [district.districtId, attachmentId, present(opened).channel.id, studentId, newId()],
  )
  await superuser.query(
    `insert into sessions (district_id, id, token_hash, user_id, expires_at) values ($1, $2, $3, $4, now() + interval '1 hour')`,
    [district.districtId, newId(), randomBytes(32), studentId],
  )
  return { district, address, studentId, attachmentId }
}

/** Sends a feed and waits until it is applied. */
const end = async (district: RosterActs, zip: Buffer): Promise<void> => {
  expect(await district.syncOf(await district.send(zip)).result()).toEqual({ outcome: 'applied' })
}

const relay = () => relayOutbox({ relay: world.adapters.relay, client: world.adapters.client, ageSeconds: 0 })
const runOf = ({ districtId }: RosterActs, version: number, attempt = 1) =>
  world.adapters.client.workflow.getHandle(settleVersionId({ districtId, version, attempt }))
const settled = async (district: RosterActs, version: number, attempt = 1): Promise<unknown> => {
  await relay()
  return runOf(district, version, attempt).result()
}
const sweep = () =>
  world.adapters.client.workflow.execute('sweepRosters', {
    workflowId: `sweep-rosters-${newId()}`,
    taskQueue: world.config.taskQueues.maintenance,
  })

const openSessions = async (userId: string): Promise<number | null> =>
  (await world.database.superuser.query('select 1 from sessions where user_id = $1 and ended_at is null', [userId])).rowCount

test('who loses a conversation is told once, by mail that names nobody; what they had begun to upload is cancelled, and the receipt says that all is done', async () => {
  const { district, address, studentId, attachmentId } = await converse()
  await end(district, await packBulk((files) => withoutStudent(lasting(address)(files))))
  expect(await settled(district, 2)).toEqual({ sessions: 0, uploads: 1, told: 1, endings: 1 })
  await vi.waitFor(async () => expect(await mailsTo(address)).toHaveLength(1), { timeout: 10_000 })
  const [mail] = await mailsTo(address)
  expect(`${mail?.subject} ${mail?.text}`).not.toMatch(/Given|Family|u1|u2|School|Section/)
  expect(await world.row(attachmentId)).toMatchObject({ state: 'expired' })
  expect(await openSessions(studentId)).toBe(1)
  const { rows } = await world.database.superuser.query<{ settled: boolean }>(
    'select settled_at is not null as settled from access_endings where district_id = $1',
    [district.districtId],
  )
  expect(rows).toEqual([{ settled: true }])
})

test('who is gone from the roster is signed out, and is not written to any more', async () => {
  const { district, address, studentId } = await converse()
  await end(district, await packBulk((files) => withoutPerson(lasting(address)(files))))
  expect(await settled(district, 2)).toMatchObject({ sessions: 1, told: 0, endings: 1 })
  expect(await openSessions(studentId)).toBe(0)
  expect(await mailsTo(address)).toEqual([])
})

test('who is connected again before anybody was told is not told, and keeps what they upload', async () => {
  const { district, address, attachmentId } = await converse()
  await end(district, await packBulk((files) => withoutStudent(lasting(address)(files))))
  await end(district, await packBulk(lasting(address)))
  expect(await settled(district, 2)).toEqual({ sessions: 0, uploads: 0, told: 0, endings: 1 })
  expect(await world.row(attachmentId)).toMatchObject({ state: 'awaiting-upload' })
  expect(await mailsTo(address)).toEqual([])
})

test('a run that was ended by hand is missed and asked for again: people are told and uploads cancelled all the same, once', async () => {
  const { district, address, attachmentId } = await converse()
  await end(district, await packBulk((files) => withoutStudent(lasting(address)(files))))
  await Promise.all(world.running().map((workers) => workers.drain()))
  await relay()
  await runOf(district, 2).terminate()
  await world.startWorkers()
  await sweep()
  await expect(runOf(district, 2, 2).describe()).rejects.toThrow(/not found/)
  const { superuser } = world.database
  await superuser.query(`update roster_settlements set asked_at = now() - interval '1 hour' where district_id = $1`, [district.districtId])
  expect(await sweep()).toMatchObject({ replayedSyncs: 1 })
  // It waits to be started: that is no loss.
  await superuser.query(`update roster_settlements set asked_at = now() - interval '1 hour' where district_id = $1`, [district.districtId])
  expect(await sweep()).toMatchObject({ replayedSyncs: 0 })
  expect(await settled(district, 2, 2)).toEqual({ sessions: 0, uploads: 1, told: 1, endings: 1 })
  await vi.waitFor(async () => expect(await mailsTo(address)).toHaveLength(1), { timeout: 10_000 })
  expect(await world.row(attachmentId)).toMatchObject({ state: 'expired' })
  const { rows } = await superuser.query(
    'select attempt, settled_at is not null as settled from roster_settlements where district_id = $1',
    [district.districtId],
  )
  expect(rows).toEqual([{ attempt: 2, settled: true }])
  await superuser.query(`update roster_settlements set asked_at = now() - interval '1 hour' where district_id = $1`, [district.districtId])
  expect(await sweep()).toMatchObject({ replayedSyncs: 0 })
})

test('of two attempts that are about the same version one writes to each person, and the other is not done before they were told', async () => {
  const { district, address } = await converse()
  await end(district, await packBulk((files) => withoutStudent(lasting(address)(files))))
  const { mailer } = world.adapters
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow = {
    send: async (mail: Parameters<typeof mailer.send>[0]) => {
      reached.resolve()
      await released.promise
      await mailer.send(mail)
    },
  }
  const tell = (attempt: number, through: typeof mailer) =>
    inActivity(() => createTellParted({ ...world.adapters, mailer: through })({ districtId: district.districtId, version: 2, attempt }))
  // As one that was terminated and has not heard of it.
  const first = tell(1, slow)
  await reached.promise
  await expect(tell(2, mailer)).rejects.toMatchObject({ type: 'ToldElsewhere' })
  released.resolve()
  expect(await first).toEqual({ told: 1 })
  expect(await tell(2, mailer)).toEqual({ told: 0 })
  expect(await mailsTo(address)).toHaveLength(1)
})

test('whom an attempt died over telling is told by the next one when its claim is over', async () => {
  const { district, address } = await converse()
  await end(district, await packBulk((files) => withoutStudent(lasting(address)(files))))
  const { mailer } = world.adapters
  const away = { send: () => Promise.reject(new Error('away')) }
  const tell = (attempt: number, through: typeof mailer) =>
    inActivity(() => createTellParted({ ...world.adapters, mailer: through })({ districtId: district.districtId, version: 2, attempt }))
  await expect(tell(1, away)).rejects.toThrow('away')
  await expect(tell(2, mailer)).rejects.toMatchObject({ type: 'ToldElsewhere' })
  await world.database.superuser.query(`update access_notices set claimed_until = now() where district_id = $1`, [district.districtId])
  expect(await tell(2, mailer)).toEqual({ told: 1 })
  expect(await mailsTo(address)).toHaveLength(1)
})
