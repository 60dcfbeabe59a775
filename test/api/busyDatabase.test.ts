import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict
let teacher: Caller
let channelId: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  district = await createSampleDistrict(database.superuser)
  teacher = createCaller(api.url, (await signIn(api.deps.app, district.districtId, district.teacherId)).token)
  channelId = (await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId })).body.id
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

const post = (id: string = crypto.randomUUID(), attachmentIds: string[] = []) =>
  teacher('POST', `/v1/channels/${channelId}/messages`, { id, text: withCanary('waiting'), attachmentIds })

/** A file that may be posted before it arrives. */
const addFile = async (): Promise<string> =>
  (
    await teacher<{ attachment: { id: string } }>('POST', `/v1/channels/${channelId}/attachments`, {
      fileName: `${withCanary('waiting')}.txt`,
      contentType: 'text/plain',
      bytes: 5,
    })
  ).body.attachment.id

const countMessages = async (): Promise<number> =>
  (await database.superuser.query<{ count: number }>('select count(*)::int as count from messages')).rows[0]?.count ?? 0

/** How many connections to this test's database wait for a lock. */
const countWaiting = async (): Promise<number> => {
  const query = `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return (await database.superuser.query<{ count: number }>(query)).rows[0]?.count ?? 0
}

const whileLocked = async <T>(lock: string, values: unknown[], work: () => Promise<T>): Promise<T> => {
  await database.superuser.query('begin')
  await database.superuser.query(lock, values)
  try {
    return await work()
  } finally {
    await database.superuser.query('rollback')
  }
}

test('a statement that would outlive its decision is given up: try again, and nothing was changed', async () => {
  const answer = await whileLocked('select 1 from channels where id = $1 for update', [channelId], post)
  expect(answer).toMatchObject({ status: 503, body: { code: 'try-again' } })
  expect(answer.headers.get('Retry-After')).toBe('1')
  expect((await teacher<{ items: [] }>('GET', `/v1/channels/${channelId}/messages`)).body.items).toEqual([])
  expect((await post()).status).toBe(201)
})

test('an answer about files that fails behind the commit does not say that nothing happened, and repeating it with its id is safe', async () => {
  const other = new pg.Client({ connectionString: database.urls.superuser })
  await other.connect()
  const id = crypto.randomUUID()
  const fileIds = [await addFile()]
  const before = await countMessages()
  // The post waits for the channel's row; a lock on the table stands in line behind it, before the view is read.
  await database.superuser.query('begin')
  await database.superuser.query('select 1 from channels where id = $1 for update', [channelId])
  const posting = post(id, fileIds)
  await expect.poll(() => countWaiting(), { timeout: 1_500 }).toBe(1)
  await other.query('begin')
  const locked = other.query('lock table messages in access exclusive mode')
  await expect.poll(() => countWaiting(), { timeout: 1_500 }).toBe(2)
  await database.superuser.query('commit')
  await locked
  const answer = await posting
  await other.query('commit')
  await other.end()
  expect(answer).toMatchObject({ status: 503, body: { code: 'try-again', detail: expect.stringContaining('same id') } })
  expect(JSON.stringify(answer.body)).not.toContain('Nothing was changed')
  expect(await countMessages()).toBe(before + 1)
  expect((await post(id, fileIds)).status).toBe(201)
  expect(await countMessages()).toBe(before + 1)
})

const busy = () => Promise.reject(Object.assign(new Error('busy'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }))

test('a key service that is away or busy is a reason to try again, not a fault', async () => {
  const faulty = await startApi(database, { keys: { ...api.deps.keys, unwrapDataKey: busy } })
  const { token } = await signIn(api.deps.app, district.districtId, district.teacherId)
  const answer = await createCaller(faulty.url, token)('GET', `/v1/channels/${channelId}/messages`)
  expect(answer).toMatchObject({ status: 503, body: { code: 'try-again' } })
  expect(answer.headers.get('Retry-After')).toBe('1')
  await faulty.close()
})

test('while the first request with a key is being worked on, a second one is told so', async () => {
  const open = () => teacher('POST', '/v1/channels', { studentId: district.studentId }, { 'Idempotency-Key': 'the-key' })
  const claim = `insert into idempotency_keys (district_id, user_id, key, route, fingerprint, status) values ($1, $2, 'the-key', 'r', '', 'in-progress')`
  const answer = await whileLocked(claim, [district.districtId, district.teacherId], open)
  expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency-in-progress' } })
  expect((await open()).status).toBe(201)
})

test('a stranger of an error is a bare 500: the details are in the log, and they hold no content', async () => {
  const text = withCanary('swallowed')
  await database.superuser.query('alter table messages rename column body to former_body')
  const answer = await teacher('POST', `/v1/channels/${channelId}/messages`, { text })
  await database.superuser.query('alter table messages rename column former_body to body')
  expect(answer.status).toBe(500)
  expect(answer.body).toMatchObject({ code: 'internal-error', detail: expect.not.stringContaining('body') })
  expect(JSON.stringify(answer.body)).not.toMatch(/messages|column|select|insert/)
  const logged = api.logged()
  expect(logged).toContain('"code":"42703"')
  expect(logged).toContain((answer.body as { requestId: string }).requestId)
  expect(logged).not.toContain('swallowed')
})
