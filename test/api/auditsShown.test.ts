import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AuditView } from '../../api/schemas/auditSchema.ts'
import type { AuditPurpose } from '../../domain/audit.ts'
import { createCircles, createMessage, type Circle, type Person } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circles: [Circle, Circle, Circle]
let circle: Circle
let channelId: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  circles = await createCircles(api, database)
  circle = circles[0]
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})
/** Each test begins with a conversation that nobody has looked at. */
beforeEach(async () => {
  await database.superuser.query('delete from audit_views where channel_id is not null')
  await database.superuser.query('delete from report_acts')
  await database.superuser.query('delete from reports')
  channelId = circle.channelId
  await show(true)
})

type Shown = { items: { purpose: AuditPurpose; readAt: string }[]; nextCursor: string | null }

const show = async (everywhere: boolean) => {
  const path = `/v1/districts/${circle.districtId}/features/audits-shown-to-teachers`
  const answer = await circle.administrator.call('PUT', path, { everywhere, schoolIds: [], reason: 'The staff asked for it' })
  expect(answer.status).toBe(200)
}
const ask = (by: Person = circle.teacher, query = '') => by.call<Shown>('GET', `/v1/channels/${channelId}/audits${query}`)
const purposes = async () => (await ask()).body.items.map(({ purpose }) => purpose)

/** Opens an audit and reads the conversation under it. */
const read = async (purpose?: AuditPurpose): Promise<AuditView> => {
  const reason = 'A word that no teacher may read'
  const path = `/v1/districts/${circle.districtId}/audits`
  const { body } = await circle.auditor.call<AuditView>('POST', path, { reason, ...(purpose === undefined ? {} : { purpose }) })
  expect((await circle.auditor.call('GET', `${path}/${body.id}/channels/${channelId}/messages`)).status).toBe(200)
  return body
}
const end = (audit: AuditView) => database.superuser.query('update audits set ends_at = now() where id = $1', [audit.id])
const audit = async (purpose?: AuditPurpose): Promise<void> => void (await end(await read(purpose)))

test('a district that has not switched it on shows its teachers nothing', async () => {
  await show(false)
  await audit('routine-check')
  expect((await ask()).status).toBe(404)
})

test('where it is on, its teacher is shown afterwards when it was first read and for what, and neither by whom nor in which words', async () => {
  const opened = await read('family-request')
  expect(opened.purpose).toBe('family-request')
  // While it runs, nothing.
  expect((await ask()).body).toEqual({ items: [], nextCursor: null })
  await end(opened)
  expect((await ask()).body).toEqual({ items: [{ purpose: 'family-request', readAt: expect.any(String) }], nextCursor: null })
  await audit('records-request')
  await audit('routine-check')
  expect(await purposes()).toEqual(['routine-check', 'records-request', 'family-request'])
  const first = (await ask(circle.teacher, '?limit=2')).body
  const next = (await ask(circle.teacher, `?limit=2&cursor=${first.nextCursor}`)).body
  expect([...first.items, ...next.items].map(({ purpose }) => purpose)).toEqual(['routine-check', 'records-request', 'family-request'])
})

test('of an investigation, and of an audit whose purpose nobody said, a teacher is shown nothing, now or ever', async () => {
  await audit('investigation')
  await audit()
  expect((await ask()).body.items).toEqual([])
})

test('a search that found it is no audit of it, and one in which something was opened is one', async () => {
  const path = `/v1/districts/${circle.districtId}/audits`
  const { body } = await circle.auditor.call<AuditView>('POST', path, { reason: 'A sample of the year', purpose: 'routine-check' })
  await circle.auditor.call('GET', `${path}/${body.id}/channels`)
  await end(body)
  expect(await purposes()).toEqual([])
  const other = await circle.auditor.call<AuditView>('POST', path, { reason: 'A sample of the year', purpose: 'routine-check' })
  const content = `${path}/${other.body.id}/attachments/${circle.attachmentId}/content`
  expect((await circle.auditor.call('GET', content)).status).toBe(200)
  await end(other.body)
  expect(await purposes()).toEqual(['routine-check'])
})

test('what was read while it was off is not shown later, and what was shown comes back when it is on again', async () => {
  await audit('routine-check')
  await show(false)
  await audit('family-request')
  await show(true)
  expect(await purposes()).toEqual(['routine-check'])
})

test('is nobody else’s: not of the student, a guardian, another teacher, or those who administer', async () => {
  await audit('routine-check')
  const [, neighbour, foreign] = circles
  for (const by of [circle.student, circle.guardian, circle.administrator, circle.auditor, neighbour.teacher, foreign.teacher])
    expect((await ask(by)).status).toBe(404)
})

test('nothing that was read after something of the teacher’s was reported is shown: it would tell them of the report', async () => {
  await audit('routine-check')
  const messageId = await createMessage(circle)
  const before = (await ask()).body
  expect((await circle.student.call('POST', `/v1/messages/${messageId}/reports`, { category: 'other' })).status).toBe(201)
  await audit('family-request')
  expect((await ask()).body).toEqual(before)
  expect(before.items).toHaveLength(1)
})
