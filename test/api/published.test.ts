import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeApi } from '../../api/describeApi.ts'
import { problemTitles } from '../../api/problemTitles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let anyone: Caller

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  anyone = createCaller(api.url)
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

test('the committed contract is what the routes say, and what the API serves', async () => {
  const committed = await readFile(new URL('../../api/openapi.json', import.meta.url), 'utf8')
  expect(committed).toBe(describeApi())
  const served = await anyone('GET', '/openapi.json')
  expect(served.body).toEqual(JSON.parse(committed))
})

test('the docs page loads everything from here, under a policy that lets no other script run', async () => {
  const page = await anyone<string>('GET', '/docs')
  expect(page.status).toBe(200)
  expect(page.headers.get('Content-Security-Policy')).toContain("script-src 'self';")
  const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
  expect(assets.length).toBeGreaterThanOrEqual(5)
  for (const address of assets) {
    expect(address).toMatch(/^\/(docs|openapi)/)
    expect((await anyone('GET', address)).status).toBe(200)
  }
})

test('every problem code has a page that explains it', async () => {
  for (const code of Object.keys(problemTitles)) expect((await anyone('GET', `/problems/${code}`)).status).toBe(200)
  expect((await anyone('GET', '/problems/constructor')).status).toBe(404)
})

test('every answer says that nothing in it may run, be framed or be sniffed', async () => {
  for (const path of ['/livez', '/openapi.json', '/v1/me', '/nowhere']) {
    const { headers } = await anyone('GET', path)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('X-Frame-Options')).toBe('DENY')
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})

test('browsers are told to insist on TLS where the API has it', async () => {
  const secure = await startApi(database, { publicUrl: 'https://api.hallpass.example' })
  try {
    expect((await createCaller(secure.url)('GET', '/livez')).headers.get('Strict-Transport-Security')).toContain('max-age=')
  } finally {
    await secure.close()
  }
  expect((await anyone('GET', '/livez')).headers.get('Strict-Transport-Security')).toBeNull()
})
