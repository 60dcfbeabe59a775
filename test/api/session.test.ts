import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listen, requestLimits } from '../../api/listen.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { endSession } from '../../db/queries/endSession.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller } from '../support/callApi.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  district = await createSampleDistrict(database.superuser)
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

const open = () => signIn(api.deps.app, district.districtId, district.teacherId)
const statusWith = async (authorization: string) =>
  (await createCaller(api.url)('GET', '/v1/me', undefined, { Authorization: authorization })).status

test('a session says who asks', async () => {
  const { token } = await open()
  const { status, body } = await createCaller(api.url, token)('GET', '/v1/me')
  expect(status).toBe(200)
  expect(body).toMatchObject({ id: district.teacherId, role: 'teacher', districtId: district.districtId })
})

test('a session that ended or expired is no session, at once', async () => {
  for (const ending of ['ended_at = now()', `expires_at = now() - interval '1 second'`]) {
    const { token, sessionId } = await open()
    expect(await statusWith(`Bearer ${token}`)).toBe(200)
    await database.superuser.query(`update sessions set ${ending} where id = $1`, [sessionId])
    expect(await statusWith(`Bearer ${token}`)).toBe(401)
  }
})

test('a session dies with the account', async () => {
  const { token } = await open()
  await database.superuser.query('update users set is_active = false where id = $1', [district.teacherId])
  expect(await statusWith(`Bearer ${token}`)).toBe(401)
  await database.superuser.query('update users set is_active = true where id = $1', [district.teacherId])
  expect(await statusWith(`Bearer ${token}`)).toBe(200)
})

test('whatever is not exactly a token we gave out is refused alike', async () => {
  const { token } = await open()
  const { rows } = await database.superuser.query<{ hash: Buffer }>('select token_hash as hash from sessions limit 1')
  const others = [
    '',
    'Bearer',
    'Bearer ',
    `Basic ${token}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Bearer ${'A'.repeat(43)}`,
    token,
  ]
  for (const authorization of [...others, `Bearer ${rows[0]?.hash.toString('base64url')}`])
    expect(await statusWith(authorization)).toBe(401)
})

test('no cookie and no parameter signs anybody in', async () => {
  const { token } = await open()
  const call = createCaller(api.url)
  expect((await call('GET', '/v1/me', undefined, { Cookie: `session=${token}; token=${token}` })).status).toBe(401)
  expect((await call('GET', `/v1/me?access_token=${token}&token=${token}`)).status).toBe(401)
})

test('no session can be opened over HTTP', async () => {
  const { token } = await open()
  for (const path of ['/v1/sessions', '/v1/session', '/v1/login', '/sessions', '/dev/session']) {
    expect((await createCaller(api.url, token)('POST', path, { userId: district.teacherId })).status).toBe(404)
  }
})

const endNow = (sessionId: string) =>
  withDistrict(api.deps.app, district.districtId, (tx) => endSession(tx, { sessionId, by: { kind: 'system', name: 'test' } }))

/** Sends the head of a POST and half of its body; `finish` sends the rest and answers the status line. */
const postSlowly = (url: string, path: string, token: string, body: string, headers: Record<string, string> = {}) => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const answered = new Promise<string>((resolve) => {
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''))
    socket.on('error', () => undefined)
  })
  const fields = { Host: 'x', Connection: 'close', Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers }
  const head = Object.entries({ ...fields, 'Content-Length': Buffer.byteLength(body) }).map(([name, value]) => `${name}: ${value}`)
  socket.write([`POST ${path} HTTP/1.1`, ...head, '', body.slice(0, 5)].join('\r\n'))
  return { answered, finish: () => (socket.write(body.slice(5)), answered) }
}

test.each([[{}], [{ 'Idempotency-Key': 'slow' }]])(
  'a request whose body arrives after its session ended does not act (%j)',
  async (headers) => {
    const { token, sessionId } = await open()
    const path = '/v1/channels'
    const body = JSON.stringify({ studentId: district.studentId })
    const slow = postSlowly(api.url, path, token, body, headers)
    // The head is judged while the body is still on its way.
    await sleep(500)
    await endNow(sessionId)
    expect(await slow.finish()).toContain('401')
    expect((await database.superuser.query('select 1 from channels where district_id = $1', [district.districtId])).rows).toEqual([])
  },
)

test('an act that waited for the key service while its session ended does not happen', async () => {
  const teacher = createCaller(api.url, (await open()).token)
  const channel = await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId })
  const file = { fileName: 'a.pdf', contentType: 'application/pdf', bytes: 10 }
  const { body } = await teacher<{ attachment: { id: string } }>('POST', `/v1/channels/${channel.body.id}/attachments`, file)
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const unwrapDataKey: typeof api.deps.keys.unwrapDataKey = async (...request) => {
    asked.resolve()
    await gate.promise
    return api.deps.keys.unwrapDataKey(...request)
  }
  const waiting = await startApi(database, { keys: { ...api.deps.keys, unwrapDataKey } })
  const { token, sessionId } = await open()
  const answer = createCaller(waiting.url, token)('POST', `/v1/attachments/${body.attachment.id}/complete`)
  await asked.promise
  await endNow(sessionId)
  gate.resolve()
  expect((await answer).status).toBe(401)
  const { rows } = await database.superuser.query('select state from attachments where id = $1', [body.attachment.id])
  expect(rows).toEqual([{ state: 'awaiting-upload' }])
  await waiting.close()
})

test('a client that dribbles is cut off: a request has its time, and so have its headers', async () => {
  const limits = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 50 }
  const { server, port } = await listen(
    { fetch: async (request) => new Response(await request.text()) },
    { host: '127.0.0.1', port: 0 },
    limits,
  )
  const { answered } = postSlowly(`http://127.0.0.1:${port}`, '/', 'none', 'never sent in full')
  expect(await answered).toContain('408')
  await new Promise((resolve) => server.close(resolve))
  expect(requestLimits).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 })
})
