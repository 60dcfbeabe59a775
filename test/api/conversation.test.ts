import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../api/client.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict
let teacherToken: string
let teacher: Caller
let student: Caller

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  district = await createSampleDistrict(database.superuser)
  teacherToken = (await signIn(api.deps.app, district.districtId, district.teacherId)).token
  teacher = createCaller(api.url, teacherToken)
  student = createCaller(api.url, (await signIn(api.deps.app, district.districtId, district.studentId)).token)
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

test('no answer may be kept on the way, be it a page, a single thing or a refusal', async () => {
  for (const path of ['/v1/me', '/v1/contacts', '/v1/channels', '/v1/upload-limits', `/v1/channels/${crypto.randomUUID()}`, '/v1/nothing'])
    expect((await teacher('GET', path)).headers.get('Cache-Control')).toBe('no-store')
})

test('the typed client opens a channel, posts and reads it back', async () => {
  const client = createClient(api.url, teacherToken)
  const opened = await client.v1.channels.$post({ json: { studentId: district.studentId }, header: {} })
  if (opened.status !== 201) throw new Error(`status ${opened.status}`)
  const channel = await opened.json()
  expect(channel.student.id).toBe(district.studentId)

  const text = withCanary('Hola, see you at 3:00 — 明天见')
  const posted = await client.v1.channels[':id'].messages.$post({ param: { id: channel.id }, json: { text } })
  if (posted.status !== 201) throw new Error(`status ${posted.status}`)
  const message = await posted.json()
  expect(message).toMatchObject({ text, authorId: district.teacherId, channelId: channel.id, attachments: [] })

  const listed = await client.v1.channels[':id'].messages.$get({ param: { id: channel.id }, query: {} })
  if (listed.status !== 200) throw new Error(`status ${listed.status}`)
  expect((await listed.json()).items.at(-1)).toEqual(message)
})

describe('channels', () => {
  test('opening one twice answers the same one', async () => {
    const [one, other] = [
      await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId }),
      await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId }),
    ]
    expect(one.status).toBe(201)
    expect(other.body.id).toBe(one.body.id)
    expect(one.headers.get('Location')).toBe(`/v1/channels/${one.body.id}`)
  })

  test('a guardian has a channel of their own about the child', async () => {
    const { body } = await teacher<{ participant: { id: string; role: string }; student: { id: string } }>('POST', '/v1/channels', {
      studentId: district.studentId,
      guardianId: district.guardianId,
    })
    expect(body).toMatchObject({ participant: { id: district.guardianId, role: 'guardian' }, student: { id: district.studentId } })
  })

  test('only a teacher opens one, and only with those whom the roster connects', async () => {
    expect((await student('POST', '/v1/channels', { studentId: district.studentId })).status).toBe(404)
    expect((await teacher('POST', '/v1/channels', { studentId: district.strangerId })).status).toBe(404)
    expect((await teacher('POST', '/v1/channels', { studentId: district.studentId, guardianId: district.studentId })).status).toBe(404)
    expect((await teacher('POST', '/v1/channels', { studentId: district.studentId, guardianId: district.strangerId })).status).toBe(404)
  })

  test('nobody writes with themself: a student is not their own guardian, and a teacher whose child is in the class is no contact', async () => {
    const asGuardian = (guardianId: string) => teacher('POST', '/v1/channels', { studentId: district.studentId, guardianId })
    expect((await asGuardian(district.studentId.toUpperCase())).status).toBe(404)
    await database.superuser.query(
      `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
       values ($1, gen_random_uuid(), $2, $3, 'parent', 'permitted', current_date - 100, 1)`,
      [district.districtId, district.teacherId, district.studentId],
    )
    expect((await asGuardian(district.teacherId)).status).toBe(404)
    expect((await asGuardian(district.teacherId.toUpperCase())).status).toBe(404)
    const contacts = await teacher<{ items: { participant: { id: string } }[] }>('GET', '/v1/contacts')
    expect(contacts.body.items.map(({ participant }) => participant.id)).not.toContain(district.teacherId)
  })

  test('pages of contacts and channels join without a gap', async () => {
    await teacher('POST', '/v1/channels', { studentId: district.studentId })
    await teacher('POST', '/v1/channels', { studentId: district.studentId, guardianId: district.guardianId })
    for (const list of ['/v1/contacts', '/v1/channels']) {
      const whole = await teacher<{ items: unknown[]; nextCursor: null }>('GET', list)
      const first = await teacher<{ items: unknown[]; nextCursor: string }>('GET', `${list}?limit=1`)
      const second = await teacher<{ items: unknown[]; nextCursor: string | null }>(
        'GET',
        `${list}?limit=1&cursor=${first.body.nextCursor}`,
      )
      expect([...first.body.items, ...second.body.items]).toEqual(whole.body.items)
      expect(whole.body.items).toHaveLength(2)
      expect(whole.body.nextCursor).toBeNull()
      expect(second.body.nextCursor).toBeNull()
    }
  })

  test('a student has no contacts to open and sees the teacher’s channel', async () => {
    expect((await student<{ items: unknown[] }>('GET', '/v1/contacts')).body.items).toEqual([])
    expect((await student<{ items: unknown[] }>('GET', '/v1/channels')).body.items).toHaveLength(1)
  })
})

describe('messages', () => {
  let channelId: string
  const messagesOf = (query = '') =>
    teacher<{ items: { seq: number }[]; before: string | null; after: string }>('GET', `/v1/channels/${channelId}/messages${query}`)
  const seqs = async (query: string) => (await messagesOf(query)).body.items.map(({ seq }) => seq)

  const post = (text: string) => teacher<{ text: string }>('POST', `/v1/channels/${channelId}/messages`, { text })

  beforeAll(async () => {
    const guardian = { studentId: district.studentId, guardianId: district.guardianId }
    channelId = (await teacher<{ id: string }>('POST', '/v1/channels', guardian)).body.id
    for (let count = 0; count < 5; count += 1) await post(withCanary(`number ${count}`))
  })

  test('pages read in both directions from any position, oldest first', async () => {
    const newest = await messagesOf('?limit=2')
    expect(newest.body.items.map(({ seq }) => seq)).toEqual([4, 5])
    expect(await seqs(`?limit=2&before=${newest.body.before}`)).toEqual([2, 3])
    expect(await seqs(`?limit=2&after=${newest.body.after}`)).toEqual([])
    const oldest = await messagesOf('?limit=3&before=' + (await messagesOf('?limit=2')).body.before)
    expect(oldest.body).toMatchObject({ before: null })
    expect(await seqs(`?limit=10&after=${oldest.body.after}`)).toEqual([4, 5])
  })

  test('a text of 10,000 characters is taken, whatever the script, and one more is not', async () => {
    const long = withCanary('').padEnd(10_000, 'x')
    expect((await post(long)).body.text).toBe(long)
    expect((await post('📎'.repeat(10_000))).status).toBe(201)
    expect((await post('📎'.repeat(10_001))).status).toBe(422)
    expect((await post('x'.repeat(10_001))).status).toBe(422)
  })
})
