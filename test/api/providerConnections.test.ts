import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProviderConnectionView } from '../../api/schemas/providerConnectionSchema.ts'
import type { ExplanationView } from '../../api/schemas/explanationSchema.ts'
import { addUser, createSampleDistrict, schoolYear, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})

type Room = SampleDistrict & { counselorId: string; administratorId: string; administrator: Caller; counselor: Caller; path: string }

const openRoom = async (): Promise<Room> => {
  const district = await createSampleDistrict(database.superuser)
  const { districtId } = district
  await database.superuser.query(`update districts set roster_version = 1 where id = $1`, [districtId])
  const [counselorId, administratorId] = [newId(), newId()]
  for (const id of [counselorId, administratorId]) await addUser(database.superuser, districtId, id, 'staff')
  await database.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now())`,
    [districtId, newId(), administratorId],
  )
  const callAs = async (id: string) => createCaller(api.url, (await signIn(api.deps.app, districtId, id)).token)
  const [administrator, counselor] = [await callAs(administratorId), await callAs(counselorId)]
  return { ...district, counselorId, administratorId, administrator, counselor, path: `/v1/districts/${districtId}/provider-connections` }
}

const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

const connect = (room: Room, change: object = {}) =>
  room.administrator<ProviderConnectionView>('POST', room.path, {
    providerId: room.counselorId,
    studentId: room.studentId,
    ends: dayIn(30),
    ...change,
  })

describe('a service provider', () => {
  test('writes with the student and a guardian as soon as the district says so, and cannot any more in the commit that ends it', async () => {
    const room = await openRoom()
    const { counselor, administrator, studentId, guardianId } = room
    const open = (body: object) => counselor<{ id: string; schoolYear: number }>('POST', '/v1/channels', body)
    expect((await open({ studentId })).status).toBe(404)
    const made = await connect(room)
    expect(made).toMatchObject({
      status: 201,
      body: { providerId: room.counselorId, authorId: room.administratorId, ends: dayIn(30), endedAt: null },
    })
    const channels = [await open({ studentId }), await open({ studentId, guardianId })]
    expect(channels.map(({ status, body }) => ({ status, year: body.schoolYear }))).toEqual([
      { status: 201, year: schoolYear },
      { status: 201, year: schoolYear },
    ])
    const contacts = await counselor<{ items: { participant: { id: string } }[] }>('GET', '/v1/contacts')
    expect(new Set(contacts.body.items.map(({ participant }) => participant.id))).toEqual(new Set([studentId, guardianId]))

    expect((await administrator('DELETE', `${room.path}/${made.body.id}`)).status).toBe(204)
    for (const { body } of channels) expect((await counselor('GET', `/v1/channels/${body.id}/messages`)).status).toBe(404)
    expect((await counselor('POST', `/v1/channels/${channels[0]?.body.id}/messages`, { text: 'late' })).status).toBe(404)
    // Ending twice is ending once.
    expect((await administrator('DELETE', `${room.path}/${made.body.id}`)).status).toBe(204)
  })

  test('that is ended leaves versions, changes, a receipt for each channel and an order for what follows', async () => {
    const room = await openRoom()
    const { body } = await connect(room)
    await room.administrator('DELETE', `${room.path}/${body.id}`)
    const rows = async (text: string) => (await database.superuser.query(text, [room.districtId])).rows
    expect(
      await rows(
        `select v.version::int, v.cause, v.cause_id, c.change, c.reason, c.subject from roster_versions v
         join roster_changes c using (district_id, version) where v.district_id = $1 order by 1`,
      ),
    ).toEqual([
      { version: 2, cause: 'connection', cause_id: body.id, change: 'added', reason: 'by-district', subject: 'provider-connection' },
      { version: 3, cause: 'connection', cause_id: body.id, change: 'removed', reason: 'by-district', subject: 'provider-connection' },
    ])
    const endings = await rows(`select version::int, teacher_id, participant_id from access_endings where district_id = $1`)
    expect(new Set(endings.map(({ participant_id }) => participant_id))).toEqual(new Set([room.studentId, room.guardianId]))
    expect(endings.every((row) => row.version === 3 && row.teacher_id === room.counselorId)).toBe(true)
    expect(await rows(`select workflow_id from outbox where district_id = $1 and workflow_type = 'settleVersion'`)).toEqual([
      { workflow_id: `settle-version:${room.districtId}:3` },
    ])
    expect(
      await rows(`select action, actor, target from audit_entries where district_id = $1 and action like 'provider.%' order by id`),
    ).toEqual(['connect', 'disconnect'].map((act) => ({ action: `provider.${act}`, actor: room.administratorId, target: body.id })))
  })

  test('who also teaches the student keeps the channel when the connection ends, and no receipt is written', async () => {
    const room = await openRoom()
    const { body } = await connect(room, { providerId: room.teacherId })
    await room.administrator('DELETE', `${room.path}/${body.id}`)
    const { rows } = await database.superuser.query('select 1 from access_endings where district_id = $1', [room.districtId])
    expect(rows).toEqual([])
  })

  const today = `(select (now() at time zone d.time_zone)::date from districts d where d.id = org_roles.district_id)`
  test.each([
    ['is a parent now', `update org_roles set role = 'guardian' where user_id = $1`],
    ['has no role any more, though they are still called staff', `delete from org_roles where user_id = $1`],
    ['had a role until yesterday, while no feed comes', `update org_roles set ends = ${today} where user_id = $1`],
    ['has a role from tomorrow on', `update org_roles set begins = ${today} + 1 where user_id = $1`],
  ])('who %s, reaches nobody by a connection that the district forgot to end, and administers nothing', async (_, change) => {
    const room = await openRoom()
    await connect(room)
    const { body } = await room.counselor<{ id: string }>('POST', '/v1/channels', { studentId: room.studentId })
    await database.superuser.query(
      `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $4, now())`,
      [room.districtId, newId(), room.counselorId, room.administratorId],
    )
    expect((await room.counselor('GET', room.path)).status).toBe(200)
    await database.superuser.query(change, [room.counselorId])
    expect((await room.counselor('GET', room.path)).status).not.toBe(200)
    expect((await room.counselor('GET', `/v1/channels/${body.id}/messages`)).status).toBe(404)
    expect((await room.counselor('POST', '/v1/channels', { studentId: room.studentId })).status).toBe(404)
    const asked = new URLSearchParams({ actor: room.counselorId, target: room.studentId }).toString()
    expect((await room.administrator('GET', `/v1/access/explain?${asked}`)).body).toMatchObject({
      mayConverse: false,
      reasons: [{ reason: 'provider-not-staff', id: room.counselorId }],
    })
  })

  test('is explained: who made the connection, and that the district ended it', async () => {
    const room = await openRoom()
    const { body } = await connect(room)
    const explain = async () =>
      (await room.administrator<ExplanationView>('GET', `/v1/access/explain?actor=${room.counselorId}&target=${room.studentId}`)).body
    const open = await explain()
    expect(open).toMatchObject({ mayConverse: true, channels: [{ teacherId: room.counselorId, schoolYear }] })
    expect(open.because.find(({ id }) => id === body.id)).toMatchObject({
      subject: 'provider-connection',
      since: { cause: 'connection', causeId: body.id, reason: 'by-district' },
    })
    await room.administrator('DELETE', `${room.path}/${body.id}`)
    expect(await explain()).toMatchObject({
      mayConverse: false,
      reasons: [{ reason: 'connection-removed', id: body.id }],
      endedBy: { reason: 'connection-removed', origin: { version: 3, cause: 'connection' } },
    })
  })

  test.each([
    ['the provider is no staff', (room: Room) => ({ providerId: room.guardianId }), '/providerId'],
    ['the provider is of another district', () => ({ providerId: newId() }), '/providerId'],
    ['the administrator would connect themselves', (room: Room) => ({ providerId: room.administratorId }), '/providerId'],
    ['the other is no student', (room: Room) => ({ studentId: room.teacherId }), '/studentId'],
    ['its last day has passed already', () => ({ ends: dayIn(-1) }), '/ends'],
    ['it would outlive the school year by more than a month', () => ({ ends: dayIn(365 + 33) }), '/ends'],
    ['the last day is none', () => ({ ends: '2027-02-30' }), '/ends'],
  ])('is not connected when %s', async (_, change, pointer) => {
    const room = await openRoom()
    const { status, body } = await connect(room, change(room))
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
    const { rows } = await database.superuser.query('select 1 from roster_versions where district_id = $1', [room.districtId])
    expect(rows).toEqual([])
  })

  test('is connected once, however many ask at the same moment', async () => {
    const room = await openRoom()
    const answers = await Promise.all(Array.from({ length: 5 }, () => connect(room)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409])
    const { body } = await room.administrator<{ items: ProviderConnectionView[] }>('GET', room.path)
    expect(body.items).toHaveLength(1)
  })
})

test('while somebody else changes the roster, connecting and ending wait a moment, then say when to ask again, and have done nothing', async () => {
  const room = await openRoom()
  const made = await connect(room)
  const { superuser } = database
  const key = `roster:${room.districtId}`
  await superuser.query('select pg_advisory_lock(hashtextextended($1, 0))', [key])
  const other = await connect(room, { ends: dayIn(20) })
  const ended = await room.administrator('DELETE', `${room.path}/${made.body.id}`)
  await superuser.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key])
  for (const refused of [other, ended]) {
    expect(refused).toMatchObject({ status: 503, body: { code: 'roster-busy' } })
    expect(refused.headers.get('Retry-After')).toBe('5')
  }
  const { rows } = await superuser.query('select until_version from provider_connections where district_id = $1', [room.districtId])
  expect(rows).toEqual([{ until_version: null }])
  expect((await room.administrator('DELETE', `${room.path}/${made.body.id}`)).status).toBe(204)
})
