import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeApi } from '../../api/describeApi.ts'
import type { Problem } from '../../api/problem.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict
let token: string
let teacher: Caller
let channelId: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  district = await createSampleDistrict(database.superuser)
  token = (await signIn(api.deps.app, district.districtId, district.teacherId)).token
  teacher = createCaller(api.url, token)
  channelId = (await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId })).body.id
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

const post = (path: string, body: unknown, headers: Record<string, string> = {}) => teacher<Problem>('POST', path, body, headers)
const messagesPath = () => `/v1/channels/${channelId}/messages`
const attachmentsPath = () => `/v1/channels/${channelId}/attachments`
const pdf = { fileName: 'worksheet.pdf', contentType: 'application/pdf', bytes: 1_000 }
const rowsOf = async (table: string) =>
  (await database.superuser.query<{ count: number }>(`select count(*)::int as count from ${table}`)).rows[0]?.count

const ownRequestId = 'b5f0f2a4-6f0e-4b1c-9d3e-0a1b2c3d4e5f'

test('a problem document names code, request and every field at fault, and nothing was changed', async () => {
  const before = await rowsOf('messages')
  const { status, headers, body } = await post(
    messagesPath(),
    { text: 7, attachmentIds: ['x'], colour: 'red' },
    { 'X-Request-Id': ownRequestId },
  )
  expect(status).toBe(422)
  expect(headers.get('Content-Type')).toBe('application/problem+json')
  expect(body).toMatchObject({
    type: 'http://127.0.0.1:8080/problems/invalid-input',
    code: 'invalid-input',
    status: 422,
    requestId: ownRequestId,
  })
  expect(body.errors?.map(({ pointer }) => pointer).toSorted()).toEqual(['/attachmentIds/0', '/colour', '/text'])
  expect(await rowsOf('messages')).toBe(before)
})

test.each([
  ['not JSON', '{"text": ', 400, 'malformed-body'],
  ['an empty body', '', 400, 'malformed-body'],
  ['null', 'null', 422, 'invalid-input'],
  ['a list', '[]', 422, 'invalid-input'],
  ['no field', '{}', 422, 'invalid-input'],
  ['an empty text', '{"text": "  "}', 422, 'invalid-input'],
  ['a NUL', JSON.stringify({ text: 'a\u0000b' }), 422, 'invalid-input'],
  ['half a surrogate pair', '{"text": "\\ud83d"}', 422, 'invalid-input'],
  ['an unknown field', '{"text": "a", "seq": 1}', 422, 'invalid-input'],
  ['a prototype', '{"text": "a", "__proto__": {"x": 1}}', 422, 'invalid-input'],
  [
    'eleven files',
    JSON.stringify({ text: 'a', attachmentIds: Array.from({ length: 11 }, () => crypto.randomUUID()) }),
    422,
    'invalid-input',
  ],
  [
    'a file named twice',
    JSON.stringify({ text: 'a', attachmentIds: Array(2).fill('0192f0c1-2b3c-7d4e-8f50-61728394a5b6') }),
    422,
    'invalid-input',
  ],
  [
    'a file that is not there',
    JSON.stringify({ text: 'a', attachmentIds: ['0192f0c1-2b3c-7d4e-8f50-61728394a5b6'] }),
    409,
    'state-conflict',
  ],
])('a message of %s is refused', async (_, body, status, code) => {
  expect(await post(messagesPath(), body, { 'Content-Type': 'application/json' })).toMatchObject({ status, body: { code } })
})

test('only application/json is read: a form that a browser could send unasked is not', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp']) {
    expect(await post(messagesPath(), '{"text": "a"}', { 'Content-Type': type })).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    })
  }
  const bare = await fetch(`${api.url}${messagesPath()}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: new Blob(['{"text": "a"}']),
  })
  expect(bare.status).toBe(415)
  expect((await post(messagesPath(), { text: withCanary('a') }, { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(201)
})

test('a body above 1 MiB is refused, announced or in chunks', async () => {
  const huge = JSON.stringify({ text: 'a', padding: 'x'.repeat(1024 * 1024) })
  expect(await post(messagesPath(), huge, { 'Content-Type': 'application/json' })).toMatchObject({
    status: 413,
    body: { code: 'body-too-large' },
  })
  const chunks = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let count = 0; count < 20; count += 1) controller.enqueue(new Uint8Array(64 * 1024).fill(32))
      controller.close()
    },
  })
  const chunked = await fetch(`${api.url}${messagesPath()}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: chunks,
    duplex: 'half',
  })
  expect(chunked.status).toBe(413)
})

test.each([
  ['limit=0', '/limit'],
  ['limit=101', '/limit'],
  ['limit=ten', '/limit'],
  ['before=x&after=y', '/after'],
  ['before=%00', '/before'],
  [`before=${Buffer.from('{"seq":"1; drop table messages"}').toString('base64url')}`, '/before'],
  [`after=${Buffer.from('{"seq":1e99}').toString('base64url')}`, '/after'],
  [`after=${'a'.repeat(301)}`, '/after'],
  ['order=asc', '/order'],
])('a page of messages with ?%s is refused at %s', async (query, pointer) => {
  const { status, body } = await teacher<Problem>('GET', `${messagesPath()}?${query}`)
  expect(status).toBe(422)
  expect(body.errors?.[0]).toMatchObject({ in: 'query', pointer })
})

test.each([
  { activeAt: '2026-99-99 99:99:99+00' },
  { activeAt: '2026-02-30 10:00:00+00' },
  { activeAt: 'infinity' },
  { activeAt: 1 },
  null,
])('a made-up channel cursor %j never breaks the query', async (inside) => {
  const cursor = Buffer.from(JSON.stringify(inside && { ...inside, channelId })).toString('base64url')
  expect([200, 422]).toContain((await teacher('GET', `/v1/channels?cursor=${cursor}`)).status)
})

test.each(['x', '%00', '..%2f..', "1' or '1'='1", '0192f0c1-2b3c-7d4e-8f50-61728394a5b', 'null'])(
  'the id %s names nothing, like an id that is not there',
  async (id) => {
    expect(await teacher('GET', `/v1/attachments/${encodeURIComponent(id)}`)).toMatchObject({ status: 404, body: { code: 'not-found' } })
  },
)

test('an address that is not there and a method that is not known are problems of the same shape', async () => {
  expect(await teacher('GET', '/v1/nowhere')).toMatchObject({ status: 404, body: { code: 'not-found' } })
  expect(await createCaller(api.url)('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'not-found' } })
  const put = await teacher('PUT', `/v1/channels/${channelId}`, {})
  expect(put).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } })
  expect(put.headers.get('Allow')).toBe('GET, HEAD')
})

test.each([
  ['a line break', 'a\r\nSet-Cookie: x=1.pdf'],
  ['a NUL', 'a\u0000.pdf'],
  ['a text-direction override', 'annex\u202efdp.exe.pdf'],
  ['a line separator', 'a\u2028.pdf'],
  ['nothing', ''],
  ['blanks', '   '],
  ['256 characters', `${'x'.repeat(252)}.pdf`],
  ['half a surrogate pair', 'a\ud83d.pdf'],
])('a file name with %s is refused with a reason', async (_, fileName) => {
  const { status, body } = await post(attachmentsPath(), { ...pdf, fileName })
  expect(status).toBe(422)
  expect(body.errors?.[0]).toMatchObject({ pointer: '/fileName' })
})

test.each([
  '📎 числа "quoted"; x=1.pdf',
  '../../etc/passwd.pdf',
  'C:\\work\\a.pdf',
  '<script>.pdf',
  `${'é'.repeat(251)}.pdf`,
  'واجب.pdf',
  'A.PDF',
])('the file name %s is taken as it is', async (fileName) => {
  const { status, body } = await teacher<{ attachment: { fileName: string } }>('POST', attachmentsPath(), { ...pdf, fileName })
  expect(status).toBe(201)
  expect(body.attachment.fileName).toBe(fileName)
})

test.each([
  [{ contentType: 'image/svg+xml', fileName: 'a.svg' }, 'file-type-not-allowed', 'Send the picture as PNG.'],
  [{ contentType: 'image/heic', fileName: 'a.heic' }, 'file-type-not-allowed', 'Send the photo as JPEG.'],
  [{ contentType: 'text/html', fileName: 'a.html' }, 'file-type-not-allowed', 'cannot be sent'],
  [{ contentType: 'application/pdf', fileName: 'a.exe' }, 'file-type-not-allowed', '.pdf'],
  [{ contentType: 'application/pdf', fileName: 'pdf' }, 'file-type-not-allowed', '.pdf'],
  [{ contentType: 'application/pdf\r\nx: y' }, 'file-type-not-allowed', 'cannot be sent'],
  [{ bytes: 50 * 1024 * 1024 + 1 }, 'file-too-large', '52428800'],
  [{ bytes: 0 }, 'invalid-input', ''],
  [{ bytes: -1 }, 'invalid-input', ''],
  [{ bytes: 1.5 }, 'invalid-input', ''],
  [{ bytes: '7' }, 'invalid-input', ''],
])('a file %j is refused as %s, with what to do', async (changes, code, words) => {
  const { status, body } = await post(attachmentsPath(), { ...pdf, ...changes })
  expect(status).toBeLessThan(500)
  expect(body.code).toBe(code)
  expect(body.detail).toContain(words)
})

const ask = (headers: Record<string, string>) => post('/v1/channels', { studentId: district.studentId }, headers)
const preflight = (origin: string) =>
  createCaller(api.url)('OPTIONS', '/v1/channels', undefined, { Origin: origin, 'Access-Control-Request-Method': 'POST' })

test('a change asked for by a page of a foreign origin is refused; our own pages and other clients pass', async () => {
  expect(await ask({ Origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'origin-not-allowed' } })
  expect(await ask({ Origin: 'null' })).toMatchObject({ status: 403 })
  expect(await ask({ 'Sec-Fetch-Site': 'cross-site' })).toMatchObject({ status: 403 })
  const own = await ask({ Origin: 'https://app.example.org' })
  expect(own.status).toBe(201)
  expect(own.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example.org')
})

test('CORS answers listed origins only, and never allows credentials', async () => {
  const [listed, foreign] = [await preflight('https://app.example.org'), await preflight('https://app.example.org.evil.example')]
  expect(listed.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example.org')
  expect(listed.headers.get('Access-Control-Allow-Credentials')).toBeNull()
  expect(foreign.headers.get('Access-Control-Allow-Origin')).toBeNull()
})

test('CORS lets a page of ours use every method that the contract has', async () => {
  const methods = (await preflight('https://app.example.org')).headers.get('Access-Control-Allow-Methods')?.toUpperCase().split(',')
  const paths = Object.values((JSON.parse(describeApi()) as { paths: Record<string, object> }).paths)
  const used = new Set(paths.flatMap((path) => Object.keys(path).map((method) => method.toUpperCase())))
  expect([...used].filter((method) => !methods?.includes(method))).toEqual([])
})

/** The name that a request has which its caller gave this one. */
const idFor = async (own: string) => (await teacher('GET', '/v1/me', undefined, { 'X-Request-Id': own })).headers.get('X-Request-Id')

test('a request id is the caller’s own when it is a UUID, and no other: it stands in the log', async () => {
  expect(await idFor(ownRequestId)).toBe(ownRequestId)
  for (const own of [`x"}{"level":"info`, 'x'.repeat(65), withCanary('wrong'), `${ownRequestId}0`]) {
    const answered = await idFor(own)
    expect(answered).toHaveLength(36)
    expect(own).not.toContain(answered)
  }
})

test('bytes that are no HTTP at all do not disturb the others', async () => {
  const { hostname, port } = new URL(api.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined).resume()
  socket.write('\u0000\u0001\u0002 nonsense\r\n\r\n')
  await new Promise((resolve) => socket.once('close', resolve))
  expect((await teacher('GET', '/v1/me')).status).toBe(200)
})

test('what people write, their names and their tokens stand in no log line; routes stand as patterns', async () => {
  const text = withCanary('nobody may read this')
  await post(messagesPath(), { text })
  await post(attachmentsPath(), { ...pdf, fileName: `${withCanary('report')}.pdf` })
  await post(messagesPath(), `{"text": "${text}"`, { 'Content-Type': 'application/json' })
  await teacher('GET', `/v1/secret-word-in-an-address?x=${token}`)
  const logged = api.logged()
  expect(logged).toContain('"route":"/v1/channels/:id/messages"')
  expect(logged).toContain(district.teacherId)
  for (const secret of ['nobody may read this', 'report', token, 'secret-word', channelId]) expect(logged).not.toContain(secret)
})
