import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller } from '../support/callApi.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'
import { bareEnvironment } from '../support/bareEnvironment.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  district = await createSampleDistrict(database.superuser)
  await database.superuser.query(`update users set sourced_id = 'T-0042' where id = $1`, [district.teacherId])
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

type Ended = { code: number; stdout: string; stderr: string }

const runSessionOn = (databaseUrl: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...bareEnvironment(), DATABASE_URL_APP: databaseUrl }
    execFile(process.execPath, ['deploy/sessionMain.ts', '--district', district.districtId, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })

const runSession = (...args: string[]): Promise<Ended> => runSessionOn(database.urls.app, ...args)

test.each([
  ['id', () => district.teacherId],
  ['SIS id', () => 'T-0042'],
])('a session is minted by %s, prints its token and nothing else, and is written down', async (_, user) => {
  const { code, stdout } = await runSession('--user', user())
  expect(code).toBe(0)
  expect(stdout).toMatch(/^[\w-]{43}\n$/)
  expect(await createCaller(api.url, stdout.trim())('GET', '/v1/me')).toMatchObject({ status: 200, body: { id: district.teacherId } })
  const { rows } = await database.superuser.query(
    `select actor_kind, reason, details from audit_entries where action = 'session.mint' order by at desc limit 1`,
  )
  expect(rows).toEqual([{ actor_kind: 'staff', reason: 'local stack', details: { userId: district.teacherId } }])
  // Only the token's hash is kept.
  const { rows: kept } = await database.superuser.query(`select 1 from sessions where encode(token_hash, 'escape') like '%' || $1 || '%'`, [
    stdout.trim(),
  ])
  expect(kept).toEqual([])
})

test('somebody who is not there, of another district or no longer active gets none', async () => {
  const other = await createSampleDistrict(database.superuser)
  await database.superuser.query('update users set is_active = false where id = $1', [district.strangerId])
  for (const user of ['nobody', crypto.randomUUID(), other.teacherId, district.strangerId]) {
    const { code, stdout, stderr } = await runSession('--user', user)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('no such active person')
  }
})

test.each([['0'], ['721'], ['soon']])('a session of %s hours is refused', async (hours) => {
  expect(await runSession('--user', district.teacherId, '--hours', hours)).toMatchObject({ code: 1, stdout: '' })
})

test('the reason that was given stands in the audit log', async () => {
  expect((await runSession('--user', district.teacherId, '--reason', 'ticket 4711')).code).toBe(0)
  const { rows } = await database.superuser.query(`select reason from audit_entries where action = 'session.mint' order by at desc limit 1`)
  expect(rows).toEqual([{ reason: 'ticket 4711' }])
})

test('outside this machine nobody gets a session without a reason, or for more than 12 hours', async () => {
  const far = 'postgresql://app@postgres:5432/hallpass'
  const withoutReason = await runSessionOn(far, '--user', district.teacherId)
  expect(withoutReason).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--reason') })
  const tooLong = await runSessionOn(far, '--user', district.teacherId, '--reason', 'why', '--hours', '13')
  expect(tooLong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('at most 12') })
})
