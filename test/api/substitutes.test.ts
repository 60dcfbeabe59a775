import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChannelView } from '../../api/schemas/channelSchema.ts'
import type { ExplanationView } from '../../api/schemas/explanationSchema.ts'
import type { SubstituteView } from '../../api/schemas/substituteSchema.ts'
import type { Problem } from '../../api/problem.ts'
import { addUser, createSampleDistrict, schoolYear, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { addStaff } from '../support/circles.ts'
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

type Room = SampleDistrict & { substituteId: string; administratorId: string; administrator: Caller; substitute: Caller; path: string }

const callAs = async (districtId: string, id: string) => createCaller(api.url, (await signIn(api.deps.app, districtId, id)).token)

const openRoom = async (): Promise<Room> => {
  const district = await createSampleDistrict(database.superuser)
  const { districtId } = district
  await database.superuser.query(`update districts set roster_version = 1 where id = $1`, [districtId])
  const substituteId = newId()
  await addUser(database.superuser, districtId, substituteId, 'staff')
  const administratorId = await addStaff(database, districtId, 'administer')
  const administrator = await callAs(districtId, administratorId)
  const substitute = await callAs(districtId, substituteId)
  return { ...district, substituteId, administratorId, administrator, substitute, path: `/v1/districts/${districtId}/substitutes` }
}

/** Days of the district, which is behind UTC: by the database's clock, so that a midnight changes nothing. */
const dayIn = async (room: Room, days: number): Promise<string> => {
  const { rows } = await database.superuser.query<{ day: string }>(
    `select ((now() at time zone d.time_zone)::date + $2::int)::text as day from districts d where d.id = $1`,
    [room.districtId, days],
  )
  return rows[0]?.day ?? ''
}

const reason = 'The teacher is on leave'
const appoint = async (room: Room, change: object = {}) =>
  room.administrator<SubstituteView & Problem>('POST', room.path, {
    userId: room.substituteId,
    sectionId: room.sectionId,
    ends: await dayIn(room, 10),
    reason,
    ...change,
  })
const open = (caller: Caller, body: object) => caller<ChannelView>('POST', '/v1/channels', body)
const readOf = async (caller: Caller, id: string): Promise<number> => (await caller('GET', `/v1/channels/${id}/messages`)).status
const setDays = (room: Room, begins: string, ends: string) =>
  database.superuser.query('update provider_connections set begins = $2, ends = $3 where district_id = $1', [room.districtId, begins, ends])

describe('a substitute', () => {
  test('has channels of their own with the section’s students and guardians, not the teacher’s, and none in the commit that ends it', async () => {
    const room = await openRoom()
    const { administrator, substitute, studentId, guardianId } = room
    const teacher = await callAs(room.districtId, room.teacherId)
    const ofTeacher = (await open(teacher, { studentId })).body.id
    expect((await open(substitute, { studentId })).status).toBe(404)
    const made = await appoint(room)
    expect(made).toMatchObject({
      status: 201,
      body: { userId: room.substituteId, sectionId: room.sectionId, authorId: room.administratorId, endedAt: null },
    })
    const own = [await open(substitute, { studentId }), await open(substitute, { studentId, guardianId })]
    expect(own.map(({ status, body }) => ({ status, year: body.schoolYear }))).toEqual([
      { status: 201, year: schoolYear },
      { status: 201, year: schoolYear },
    ])
    expect(await readOf(substitute, ofTeacher)).toBe(404)
    expect(own.map(({ body }) => body.id)).not.toContain(ofTeacher)
    const contacts = await substitute<{ items: { participant: { id: string } }[] }>('GET', '/v1/contacts')
    expect(new Set(contacts.body.items.map(({ participant }) => participant.id))).toEqual(new Set([studentId, guardianId]))

    expect((await administrator('DELETE', `${room.path}/${made.body.id}`)).status).toBe(204)
    for (const { body } of own) expect(await readOf(substitute, body.id)).toBe(404)
    expect(await readOf(teacher, ofTeacher)).toBe(200)
    // Ending twice is ending once.
    expect((await administrator('DELETE', `${room.path}/${made.body.id}`)).status).toBe(204)
    const { body } = await administrator<{ items: SubstituteView[] }>('GET', room.path)
    expect(body.items).toMatchObject([{ id: made.body.id, endedBy: room.administratorId, endedAt: expect.any(String) }])
  })

  test('reads and writes from the first day on and until the last one has passed, whoever syncs', async () => {
    const room = await openRoom()
    await appoint(room)
    const { body } = await open(room.substitute, { studentId: room.studentId })
    const days = async (begins: number, ends: number): Promise<number> => {
      await setDays(room, await dayIn(room, begins), await dayIn(room, ends))
      return readOf(room.substitute, body.id)
    }
    expect([await days(1, 2), await days(0, 1), await days(-5, 1), await days(-5, 0)]).toEqual([404, 200, 200, 404])
  })

  test.each<[string, (room: Room) => [string, string]]>([
    ['the student leaves the section', (room) => [`update enrollments set until_version = 2 where id = $1`, room.learningId]],
    ['the section is removed', (room) => [`update sections set is_active = false where id = $1`, room.sectionId]],
    ['its term is over', (room) => [`update terms set ends = begins + 1 where id = $1`, room.termId]],
    ['they work for the district no more', (room) => [`delete from org_roles where user_id = $1`, room.substituteId]],
    ['the student is no longer active', (room) => [`update users set is_active = false where id = $1`, room.studentId]],
  ])('reaches the student no longer when %s', async (_, change) => {
    const room = await openRoom()
    await appoint(room)
    const { body } = await open(room.substitute, { studentId: room.studentId })
    const [statement, id] = change(room)
    await database.superuser.query(statement, [id])
    expect(await readOf(room.substitute, body.id)).toBe(404)
    expect((await open(room.substitute, { studentId: room.studentId })).status).toBe(404)
  })

  test('that is ended leaves versions, changes, a receipt for each channel, an order for what follows, and who did it and why', async () => {
    const room = await openRoom()
    const { body } = await appoint(room)
    await room.administrator('DELETE', `${room.path}/${body.id}`)
    const rows = async (text: string) => (await database.superuser.query<Record<string, unknown>>(text, [room.districtId])).rows
    expect(
      await rows(
        `select v.version::int, v.cause, v.cause_id, c.change, c.reason from roster_versions v
         join roster_changes c using (district_id, version) where v.district_id = $1 order by 1`,
      ),
    ).toEqual([
      { version: 2, cause: 'connection', cause_id: body.id, change: 'added', reason: 'by-district' },
      { version: 3, cause: 'connection', cause_id: body.id, change: 'removed', reason: 'by-district' },
    ])
    const endings = await rows(`select teacher_id, participant_id from access_endings where district_id = $1 and version = 3`)
    expect(new Set(endings.map((row) => row['participant_id']))).toEqual(new Set([room.studentId, room.guardianId]))
    expect(endings.every((row) => row['teacher_id'] === room.substituteId)).toBe(true)
    expect(await rows(`select workflow_id from outbox where district_id = $1 and workflow_type = 'settleVersion'`)).toEqual([
      { workflow_id: `settle-version:${room.districtId}:3` },
    ])
    expect(
      await rows(
        `select action, actor, target, reason from audit_entries where district_id = $1 and action like 'substitute.%' order by id`,
      ),
    ).toEqual([
      { action: 'substitute.appoint', actor: room.administratorId, target: body.id, reason },
      { action: 'substitute.end', actor: room.administratorId, target: body.id, reason: null },
    ])
  })

  test('is explained to an administrator row by row; a student is not told of the row', async () => {
    const room = await openRoom()
    const { body } = await appoint(room)
    const path = `/v1/access/explain?actor=${room.substituteId}&target=${room.studentId}`
    const explain = async (caller: Caller) => (await caller<ExplanationView>('GET', path)).body
    const shown = await explain(room.administrator)
    expect(shown).toMatchObject({ mayConverse: true, channels: [{ teacherId: room.substituteId, schoolYear }] })
    expect(new Set(shown.because.map(({ subject }) => subject))).toEqual(
      new Set(['user', 'provider-connection', 'enrollment', 'section', 'term']),
    )
    expect((await explain(room.substitute)).because.map(({ id }) => id)).toContain(body.id)
    const student = await callAs(room.districtId, room.studentId)
    expect((await explain(student)).because.map(({ id }) => id)).not.toContain(body.id)
    await room.administrator('DELETE', `${room.path}/${body.id}`)
    expect(await explain(room.administrator)).toMatchObject({
      mayConverse: false,
      reasons: [{ reason: 'connection-removed', id: body.id }],
      endedBy: { reason: 'connection-removed', origin: { version: 3, cause: 'connection' } },
    })
  })

  test.each<[string, (room: Room) => object | Promise<object>, string]>([
    ['they are no staff', (room) => ({ userId: room.guardianId }), '/userId'],
    ['they are of another district', () => ({ userId: newId() }), '/userId'],
    ['the administrator would appoint themselves', (room) => ({ userId: room.administratorId }), '/userId'],
    ['there is no such section', () => ({ sectionId: newId() }), '/sectionId'],
    ['the last day has passed already', async (room) => ({ ends: await dayIn(room, 0) }), '/ends'],
    ['the first day has passed already', async (room) => ({ begins: await dayIn(room, -1) }), '/begins'],
    ['the last day comes before the first', async (room) => ({ begins: await dayIn(room, 12) }), '/ends'],
    ['it would outlive the school year by more than a month', async (room) => ({ ends: await dayIn(room, 365 + 33) }), '/ends'],
    ['nobody says until when', () => ({ ends: undefined }), '/ends'],
    ['nobody says why', () => ({ reason: ' ' }), '/reason'],
  ])('is not appointed when %s', async (_, change, pointer) => {
    const room = await openRoom()
    const { status, body } = await appoint(room, await change(room))
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
    const { rows } = await database.superuser.query('select 1 from roster_versions where district_id = $1', [room.districtId])
    expect(rows).toEqual([])
  })

  test('is appointed once for a day, however many ask at the same moment, and anew for days behind', async () => {
    const room = await openRoom()
    const answers = await Promise.all(Array.from({ length: 5 }, () => appoint(room)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409])
    expect((await appoint(room, { begins: await dayIn(room, 9), ends: await dayIn(room, 20) })).status).toBe(409)
    expect((await appoint(room, { begins: await dayIn(room, 10), ends: await dayIn(room, 20) })).status).toBe(201)
  })

  test('is no service provider: neither list has the other’s, and neither ends the other’s', async () => {
    const room = await openRoom()
    const providers = `/v1/districts/${room.districtId}/provider-connections`
    const connected = await room.administrator<{ id: string }>('POST', providers, {
      providerId: room.substituteId,
      studentId: room.studentId,
      ends: await dayIn(room, 10),
    })
    const { body } = await appoint(room)
    const idsOf = async (path: string) =>
      (await room.administrator<{ items: { id: string }[] }>('GET', path)).body.items.map(({ id }) => id)
    expect([await idsOf(providers), await idsOf(room.path)]).toEqual([[connected.body.id], [body.id]])
    for (const path of [`${providers}/${body.id}`, `${room.path}/${connected.body.id}`])
      expect((await room.administrator('DELETE', path)).status).toBe(404)
    // What the other way still connects parts from nobody.
    await room.administrator('DELETE', `${room.path}/${body.id}`)
    expect((await open(room.substitute, { studentId: room.studentId })).status).toBe(201)
    const { rows } = await database.superuser.query('select 1 from access_endings where district_id = $1', [room.districtId])
    expect(rows).toEqual([])
  })
})
