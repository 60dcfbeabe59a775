import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { ApiClientView } from '../../api/schemas/apiClientSchema.ts'
import { askForToken, type MadeMachine } from '../support/addMachine.ts'
import { createCaller } from '../support/callApi.ts'
import { createCircles, type Circle } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circle: Circle
let path: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  circle = (await createCircles(api, database))[0]
  path = `/v1/districts/${circle.districtId}/api-clients`
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

const make = async (scopes: string[] = ['roster.read', 'roster.write']): Promise<MadeMachine> =>
  (await circle.administrator.call<MadeMachine>('POST', path, { name: 'Nightly export', scopes })).body
const tokenOf = async (answer: Response): Promise<string> => ((await answer.json()) as { access_token: string }).access_token
const statusOf = async (token: string): Promise<number> =>
  (await createCaller(api.url, token)('GET', `/v1/districts/${crypto.randomUUID()}/api-clients`)).status
/** Of a token that holds: nothing of another district. */
const holds = 404

test('a machine gets a token for an hour by HTTP Basic or in the form, and nothing of its secret is kept', async () => {
  const { client, secret } = await make()
  const byBasic = await askForToken(api.url, client.id, secret)
  expect(byBasic.status).toBe(200)
  expect(byBasic.headers.get('Cache-Control')).toBe('no-store')
  const answer = (await byBasic.json()) as Record<string, unknown>
  expect(answer).toEqual({
    access_token: expect.stringMatching(/^hpct_[\w-]{43}$/) as string,
    token_type: 'Bearer',
    expires_in: 3_600,
    scope: 'roster.read roster.write',
  })
  const form = { grant_type: 'client_credentials', client_id: client.id.toUpperCase(), client_secret: secret, scope: 'roster.read' }
  const byForm = await fetch(`${api.url}/v1/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  expect(await byForm.json()).toMatchObject({ scope: 'roster.read' })
  const { rows } = await database.superuser.query<{ row: string }>(
    `select api_clients::text as row from api_clients union all select client_tokens::text from client_tokens
     union all select audit_entries::text from audit_entries`,
  )
  const kept = [...rows.map(({ row }) => row), api.logged()].join('\n')
  for (const word of [secret, String(answer['access_token'])]) {
    expect(kept).not.toContain(word)
    expect(kept).not.toContain(Buffer.from(word).toString('hex'))
  }
})

test.each([
  ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ['no grant', {}, 400, 'invalid_request'],
  ['a scope that it does not have', { grant_type: 'client_credentials', scope: 'roster.write admin' }, 400, 'invalid_scope'],
] as const)('a request for a token with %s is refused as RFC 6749 says', async (_, form, status, error) => {
  const { client, secret } = await make()
  const answer = await fetch(`${api.url}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, client_id: client.id, client_secret: secret }),
  })
  expect({ status: answer.status, body: await answer.json() }).toEqual({ status, body: { error } })
})

test('a field that is there twice, or a body that is no form, is no request', async () => {
  for (const body of ['grant_type=client_credentials&grant_type=client_credentials', '{"grant_type":"client_credentials"}']) {
    const answer = await fetch(`${api.url}/v1/oauth/token`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded' },
    })
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 400, body: { error: 'invalid_request' } })
  }
})

test('a wrong secret, another machine’s, an unknown machine and an ended one answer the same, and guesses are bounded for that machine only', async () => {
  const [one, other] = [await make(), await make()]
  await circle.administrator.call('DELETE', `${path}/${other.client.id}`)
  const refusals = await Promise.all(
    [
      [one.client.id, 'hpcs_wrong'],
      [one.client.id, other.secret],
      [other.client.id, other.secret],
      [crypto.randomUUID(), one.secret],
      ['no id', one.secret],
    ].map(async ([id = '', secret = '']) => {
      const answer = await askForToken(api.url, id, secret)
      return { status: answer.status, challenge: answer.headers.get('WWW-Authenticate'), body: await answer.json() }
    }),
  )
  for (const refusal of refusals) {
    expect(refusal).toEqual({ status: 401, challenge: 'Basic realm="hallpass", charset="UTF-8"', body: { error: 'invalid_client' } })
  }
  const statuses: number[] = []
  for (let guess = 0; guess < 12; guess++) statuses.push((await askForToken(api.url, one.client.id, `hpcs_${guess}`)).status)
  expect(new Set(statuses)).toEqual(new Set([401, 429]))
  const slowed = await askForToken(api.url, one.client.id, one.secret)
  expect([slowed.status, Number(slowed.headers.get('Retry-After')) > 0]).toEqual([429, true])
  const third = await make()
  expect((await askForToken(api.url, third.client.id, third.secret)).status).toBe(200)
})

test('the secret before a rotation holds for its overlap and no longer, and one of before that not at all', async () => {
  const { client, secret: first } = await make()
  const rotate = async (overlapSeconds: number): Promise<string> =>
    (await circle.administrator.call<MadeMachine>('POST', `${path}/${client.id}/rotate`, { overlapSeconds })).body.secret
  const ask = async (secret: string): Promise<number> => (await askForToken(api.url, client.id, secret)).status
  const second = await rotate(3_600)
  expect([await ask(first), await ask(second)]).toEqual([200, 200])
  const third = await rotate(0)
  expect([await ask(first), await ask(second), await ask(third)]).toEqual([401, 401, 200])
})

test('a machine that is ended has no token from that moment on, and ending it twice is ending it once', async () => {
  const { client, secret } = await make()
  const token = await tokenOf(await askForToken(api.url, client.id, secret))
  expect(await statusOf(token)).toBe(holds)
  const ends = [
    await circle.administrator.call('DELETE', `${path}/${client.id}`),
    await circle.administrator.call('DELETE', `${path}/${client.id}`),
  ]
  expect(ends.map(({ status }) => status)).toEqual([204, 204])
  expect(await statusOf(token)).toBe(401)
  expect((await askForToken(api.url, client.id, secret)).status).toBe(401)
  const rotated = await circle.administrator.call<Problem>('POST', `${path}/${client.id}/rotate`, {})
  expect(rotated).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  const { rows } = await database.superuser.query<{ action: string }>(
    `select action, count(*)::int as count from audit_entries where target_kind = 'api-client' and target = $1 group by 1 order by 1`,
    [client.id],
  )
  expect(rows).toEqual([
    { action: 'api-client.create', count: 1 },
    { action: 'api-client.end', count: 1 },
  ])
})

test('a token that expired is no token, and is forgotten by no one sooner than that', async () => {
  const { client, secret } = await make()
  const token = await tokenOf(await askForToken(api.url, client.id, secret))
  await database.superuser.query('update client_tokens set expires_at = now() where client_id = $1', [client.id])
  expect(await statusOf(token)).toBe(401)
})

test('an administrator whose permission ended makes no machine, although the session holds', async () => {
  const other = circle.administrator
  await database.superuser.query(`update grants set ends = now() where user_id = $1`, [other.id])
  const refused = await other.call<Problem>('POST', path, { name: 'x', scopes: ['roster.read'] })
  expect(refused).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
  await database.superuser.query(`update grants set ends = null where user_id = $1`, [other.id])
})

test('machines are listed newest first, page by page, without anything of their secrets', async () => {
  await make()
  const first = await circle.administrator.call<{ items: ApiClientView[]; nextCursor: string }>('GET', `${path}?limit=2`)
  const next = await circle.administrator.call<{ items: ApiClientView[] }>('GET', `${path}?limit=2&cursor=${first.body.nextCursor}`)
  const ids = [...first.body.items, ...next.body.items].map(({ id }) => id)
  expect(new Set(ids).size).toBe(4)
  expect(ids).toEqual(ids.toSorted().toReversed())
  expect(JSON.stringify(first.body)).not.toMatch(/hash|hpcs_/i)
})

test('a district has no more than twenty open machines', async () => {
  const answers: number[] = []
  for (let made = 0; made < 21; made++)
    answers.push((await circle.administrator.call('POST', path, { name: 'x', scopes: ['roster.read'] })).status)
  expect(answers.at(-1)).toBe(409)
})
