import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { z } from '@hono/zod-openapi'
import type { featureHistorySchema, featureListSchema } from '../../api/schemas/featureSchema.ts'
import type { Problem } from '../../api/problem.ts'
import type { Feature } from '../../domain/features.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { withCanary } from '../support/canary.ts'
import { createCircles, createMessage, createOpenFile, type Circle } from '../support/circles.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circle: Circle
let stranger: Circle
let schoolId: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  const circles = await createCircles(api, database)
  circle = circles[0]
  stranger = circles[2]
  const { rows } = await database.superuser.query<{ id: string }>(
    'select s.school_id as id from sections s join enrollments e on e.section_id = s.id where e.id = $1',
    [circle.learningId],
  )
  schoolId = rows[0]?.id ?? ''
  // People write under terms that they have accepted.
  await database.superuser.query(`insert into terms_of_use values ($1, 1, 'terms', null, now())`, [circle.districtId])
  await database.superuser.query('insert into terms_acceptances select district_id, 1, id, now() from users where district_id = $1', [
    circle.districtId,
  ])
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})
beforeEach(async () => {
  for (const feature of ['messaging', 'guardians', 'attachments'] as const) await switchOn(feature, { everywhere: true })
})

type Scope = { everywhere?: boolean; schoolIds?: string[] }
const pathOf = (feature = '') => `/v1/districts/${circle.districtId}/features${feature === '' ? '' : `/${feature}`}`
const switchOn = (feature: Feature, { everywhere = false, schoolIds = [] }: Scope, reason = 'The pilot begins here') =>
  circle.administrator.call<Problem>('PUT', pathOf(feature), { everywhere, schoolIds, reason })
const statusOf = async (who: Circle['teacher'], method: string, path: string, body?: unknown): Promise<number> =>
  (await who.call(method, path, body)).status

/** Everything that messaging is, as one list of answers. */
const askEverything = async (): Promise<number[]> => {
  const channel = `/v1/channels/${circle.channelId}`
  return Promise.all([
    statusOf(circle.teacher, 'GET', channel),
    statusOf(circle.student, 'GET', `${channel}/messages`),
    statusOf(circle.student, 'POST', `${channel}/messages`, { text: withCanary('hello') }),
    statusOf(circle.student, 'GET', `/v1/attachments/${circle.attachmentId}`),
    statusOf(circle.student, 'GET', `/v1/attachments/${circle.attachmentId}/content`),
    statusOf(circle.teacher, 'POST', '/v1/channels', { studentId: circle.student.id }),
    statusOf(circle.teacher, 'PUT', `${channel}/posting`, { posting: 'open' }),
    statusOf(circle.teacher, 'POST', `/v1/messages/${circle.messageId}/hide`),
  ])
}
const explain = (at = '') =>
  circle.administrator.call<{ mayConverse: boolean; reasons: { reason: string }[] }>(
    'GET',
    `/v1/access/explain?actor=${circle.teacher.id}&target=${circle.student.id}${at}`,
  )
const listed = async (who: Circle['teacher']): Promise<string[]> =>
  (await who.call<{ items: { id: string }[] }>('GET', '/v1/channels?limit=100')).body.items.map(({ id }) => id)

describe('messaging', () => {
  test('that is off in a school answers there as what does not exist does, and comes back whole', async () => {
    await switchOn('messaging', {})
    expect(await askEverything()).toEqual([404, 404, 404, 404, 404, 404, 404, 404])
    expect([await listed(circle.teacher), await listed(circle.student)]).toEqual([[], []])
    expect((await circle.teacher.call<{ items: unknown[] }>('GET', '/v1/contacts')).body.items).toEqual([])
    const absent = await circle.student.call<Problem>('GET', `/v1/channels/${crypto.randomUUID()}`)
    const off = await circle.student.call<Problem>('GET', `/v1/channels/${circle.channelId}`)
    expect({ ...off.body, instance: '', requestId: '' }).toEqual({ ...absent.body, instance: '', requestId: '' })
    await switchOn('messaging', { everywhere: true })
    expect(await listed(circle.student)).toContain(circle.channelId)
    expect(await statusOf(circle.student, 'GET', `/v1/channels/${circle.channelId}/messages`)).toBe(200)
  })

  test('is switched on school by school: one school’s pilot is no other’s', async () => {
    await switchOn('messaging', { schoolIds: [schoolId] })
    expect(await listed(circle.student)).toContain(circle.channelId)
    const { rows } = await database.superuser.query<{ id: string }>(
      `insert into schools (district_id, id, sourced_id, name) values ($1, gen_random_uuid(), gen_random_uuid()::text, 'Other') returning id`,
      [circle.districtId],
    )
    await switchOn('messaging', { schoolIds: rows.map(({ id }) => id) })
    expect(await listed(circle.student)).toEqual([])
  })

  test('of one district is not switched by another, nor in another’s school', async () => {
    expect(
      await statusOf(stranger.administrator, 'PUT', pathOf('messaging'), { everywhere: false, schoolIds: [], reason: 'not mine at all' }),
    ).toBe(404)
    const foreign = await stranger.administrator.call<Problem>('PUT', `/v1/districts/${stranger.districtId}/features/messaging`, {
      everywhere: false,
      schoolIds: [schoolId],
      reason: 'not my school at all',
    })
    expect([foreign.status, foreign.body.errors?.[0]?.pointer]).toEqual([422, '/schoolIds/0'])
    expect(await listed(circle.student)).toContain(circle.channelId)
  })

  test('that is off is said to those who ask why, and that it was on before', async () => {
    await database.superuser.query('update districts set roster_version = 1 where id = $1', [circle.districtId])
    await database.superuser.query(`insert into roster_versions values ($1, 1, '2020-01-01', 'load', null)`, [circle.districtId])
    const before = new Date().toISOString()
    await switchOn('messaging', {})
    expect((await explain()).body).toMatchObject({ mayConverse: false, reasons: [{ reason: 'messaging-off' }] })
    expect((await explain(`&at=${before}`)).body.reasons).toEqual([])
  })
})

describe('guardians', () => {
  test('who are off are nobody’s contacts, and their channels answer as absent, while students’ go on', async () => {
    const opened = await circle.teacher.call<{ id: string }>('POST', '/v1/channels', {
      studentId: circle.student.id,
      guardianId: circle.guardian.id,
    })
    await switchOn('guardians', {})
    expect(await statusOf(circle.guardian, 'GET', `/v1/channels/${opened.body.id}`)).toBe(404)
    expect(await statusOf(circle.teacher, 'GET', `/v1/channels/${opened.body.id}`)).toBe(404)
    expect(await statusOf(circle.student, 'GET', `/v1/channels/${circle.channelId}`)).toBe(200)
    const { items } = (await circle.teacher.call<{ items: { participant: { id: string } }[] }>('GET', '/v1/contacts?limit=100')).body
    expect(items.map(({ participant }) => participant.id)).not.toContain(circle.guardian.id)
    await switchOn('guardians', { schoolIds: [schoolId] })
    expect(await statusOf(circle.guardian, 'GET', `/v1/channels/${opened.body.id}`)).toBe(200)
  })
})

describe('files', () => {
  test('that are off are neither shown, opened, sent nor posted; their messages stay', async () => {
    const attachmentId = await createOpenFile(api, database, circle)
    const messageId = await createMessage(circle)
    await switchOn('attachments', {})
    const ticket = { fileName: `${withCanary('file')}.pdf`, contentType: 'application/pdf', bytes: 1_000 }
    const channel = `/v1/channels/${circle.channelId}`
    expect(
      await Promise.all([
        statusOf(circle.student, 'GET', `/v1/attachments/${attachmentId}`),
        statusOf(circle.student, 'GET', `/v1/attachments/${attachmentId}/content`),
        statusOf(circle.teacher, 'DELETE', `/v1/attachments/${attachmentId}`),
        statusOf(circle.teacher, 'POST', `${channel}/attachments`, ticket),
      ]),
    ).toEqual([404, 404, 404, 404])
    const { items } = (await circle.student.call<{ items: { id: string; attachments: unknown[] }[] }>('GET', `${channel}/messages`)).body
    expect(items.map(({ id }) => id)).toContain(messageId)
    expect(items.flatMap(({ attachments }) => attachments)).toEqual([])
    expect((await circle.student.call<{ items: unknown[] }>('GET', `${channel}/attachments`)).body.items).toEqual([])
    await switchOn('attachments', { everywhere: true })
    expect(await statusOf(circle.student, 'GET', `/v1/attachments/${attachmentId}/content`)).toBe(200)
  })
})

describe('a switch', () => {
  test('has an author, a time and a reason, and what stays on keeps them', async () => {
    await switchOn('translations', { schoolIds: [schoolId] }, 'Franklin asked for it')
    await switchOn('translations', { schoolIds: [schoolId] }, 'Asked for once more')
    await switchOn('translations', {}, 'It was too early')
    const { items } = (await circle.administrator.call<z.infer<typeof featureHistorySchema>>('GET', `${pathOf('translations')}/switches`))
      .body
    expect(items[0]).toMatchObject({
      schoolId,
      switchedOnBy: circle.administrator.id,
      switchedOffAt: expect.any(String),
      switchedOffBy: circle.administrator.id,
    })
    expect(items.filter((one) => one.schoolId !== null)).toHaveLength(1)
    const { rows } = await database.superuser.query(
      `select reason, actor from audit_entries where district_id = $1 and action = 'feature.switch' and target = 'translations' order by at`,
      [circle.districtId],
    )
    expect(rows).toEqual(
      ['Franklin asked for it', 'Asked for once more', 'It was too early'].map((reason) => ({ reason, actor: circle.administrator.id })),
    )
  })

  test('is listed with the schools that can be named', async () => {
    await switchOn('guardians', { schoolIds: [schoolId] })
    const { body } = await circle.administrator.call<z.infer<typeof featureListSchema>>('GET', pathOf())
    expect(body.schools.map(({ id }) => id)).toContain(schoolId)
    expect(body.items.find(({ feature }) => feature === 'guardians')).toMatchObject({ everywhere: false, schoolIds: [schoolId] })
    expect(body.items.find(({ feature }) => feature === 'messaging')).toMatchObject({ everywhere: true, schoolIds: [] })
  })

  test('without a reason that says something changes nothing', async () => {
    for (const reason of ['', 'no']) expect((await switchOn('messaging', {}, reason)).status).toBe(422)
    expect(await listed(circle.student)).toContain(circle.channelId)
  })
})

describe('what people write by', () => {
  test('is not switched on anywhere new in a district without terms of use, which says what mends it; what is on stays on, and goes off', async () => {
    const { districtId, administrator } = stranger
    const path = (feature: string) => `/v1/districts/${districtId}/features/${feature}`
    const put = (feature: Feature, scope: Scope) =>
      administrator.call<Problem>('PUT', path(feature), { everywhere: false, schoolIds: [], ...scope, reason: 'The pilot begins here' })
    const { rows } = await database.superuser.query<{ id: string }>('select id from schools where district_id = $1', [districtId])
    const schoolIds = rows.map(({ id }) => id)
    for (const feature of ['messaging', 'announcements'] as const) {
      // It was on before there were terms.
      expect((await put(feature, { everywhere: true })).status).toBe(200)
      expect((await put(feature, { schoolIds })).status).toBe(200)
      expect((await put(feature, {})).status).toBe(200)
      for (const scope of [{ everywhere: true }, { schoolIds }]) {
        const refused = await put(feature, scope)
        expect(refused).toMatchObject({ status: 409, body: { code: 'terms-not-published' } })
        expect(refused.body.detail).toContain(`POST /v1/districts/${districtId}/terms-of-use`)
      }
    }
    expect((await put('translations', { everywhere: true })).status).toBe(200)
    const text = '# Terms\n\n## User contributions\n\nWhat you write can be read by your district.'
    expect((await administrator.call('POST', `/v1/districts/${districtId}/terms-of-use`, { text, replaces: 0 })).status).toBe(201)
    expect((await put('messaging', { everywhere: true })).status).toBe(200)
  })
})
