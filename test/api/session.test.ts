import { afterAll, beforeAll, expect, test } from 'vitest'
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
