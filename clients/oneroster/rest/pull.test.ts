import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { packFeed } from '../../../demo/roster/packFeed.ts'
import { homeLanguageColumn } from '../../../domain/roster/metadataSources.ts'
import { sampleCustody, toFeedTables } from '../../../demo/roster/toFeedTables.ts'
import { createNeighbourRoster } from '../../../demo/sampleRoster.ts'
import type { RosterRow } from '../../../domain/roster/rosterRow.ts'
import { startProvider } from '../../../test/oneroster/startProvider.ts'
import type { Collections, Fault, TestProvider } from '../../../test/oneroster/startProvider.ts'
import { toCollections } from '../../../test/oneroster/toCollections.ts'
import { readFeed, withFeedFile } from '../../../test/support/readFeed.ts'
import { createGuardedFetch } from '../../guardedFetch/createGuardedFetch.ts'
import type { GuardedFetch } from '../../guardedFetch/createGuardedFetch.ts'
import { FetchRefused } from '../../guardedFetch/fetchFault.ts'
import { openFeedZip } from '../openFeedZip.ts'
import { createProvider } from './createProvider.ts'
import { ProviderFault } from './providerFault.ts'
import { toFeed } from './toFeed.ts'

const changedAt = '2026-09-01T06:00:00.000Z'
const roster = createNeighbourRoster('2026-10-05')
const tables = toFeedTables(roster, '1.2')
const sound = (): Collections => structuredClone(toCollections(tables, changedAt))

let sis: TestProvider
let fetch: GuardedFetch
let spillFolder = ''
const waits: number[] = []
beforeAll(async () => {
  spillFolder = await mkdtemp(join(tmpdir(), 'hallpass-spill-'))
  sis = await startProvider(sound())
  fetch = createGuardedFetch({ loopbackOrigins: [new URL(sis.baseUrl).origin], loopbackCa: sis.ca })
})
afterAll(async () => {
  fetch.close()
  await sis.close()
  await rm(spillFolder, { recursive: true })
})
afterEach(() => {
  sis.setFault(() => undefined)
  sis.collections = sound()
  sis.requests.length = 0
  waits.length = 0
})

type Asked = {
  since?: Date
  roleIds?: Record<string, string[]>
  baseUrl?: string
  clientSecret?: string
  rowsPerPage?: number
  timeoutMs?: number
  signal?: AbortSignal
}

const pull = async ({ since, roleIds = {}, ...more }: Asked = {}): Promise<Buffer> => {
  const provider = createProvider({
    fetch,
    baseUrl: more.baseUrl ?? sis.baseUrl,
    credentials: {
      tokenUrl: sis.tokenUrl,
      ...sis.credentials,
      ...(more.clientSecret === undefined ? {} : { clientSecret: more.clientSecret }),
    },
    rowsPerPage: more.rowsPerPage ?? 7,
    ...(more.timeoutMs === undefined ? {} : { timeoutMs: more.timeoutMs }),
    patience: { troublesMax: 5, firstWaitMs: 1_000, waitMaxMs: 60_000, wait: async (ms) => void waits.push(ms) },
  })
  const made = await toFeed(provider, {
    since: since ?? null,
    sources: { custody: sampleCustody, languageColumn: homeLanguageColumn },
    spillFolder,
    findRoleIds: async (ids) => new Map(ids.map((id) => [id, roleIds[id] ?? []])),
    signal: more.signal ?? new AbortController().signal,
  })
  try {
    return await buffer(made.feed)
  } finally {
    await made.close()
  }
}
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'pulled',
    (error: unknown) => (error instanceof ProviderFault || error instanceof FetchRefused ? error.code : `thrown: ${String(error)}`),
  )

/** REST gives roles no id. */
const plain = (row: RosterRow) => (row.kind === 'role' ? { ...row, sourcedId: null } : row)

/** Rows in an order of their own. */
const toRows = async (zip: Buffer): Promise<string[]> => {
  const lines = await readFeed(zip, { custody: sampleCustody, languageColumn: homeLanguageColumn })
  expect(lines.flatMap(({ rejects, notes }) => [...rejects, ...notes])).toEqual([])
  return lines.flatMap(({ rows }) => rows.map((row) => JSON.stringify(plain(row)))).toSorted()
}

describe('a pull in bulk', () => {
  test('is read as the very feed that the same system exports as CSV', async () => {
    expect(await toRows(await pull())).toEqual(await toRows(await packFeed(tables, '1.2')))
    expect(sis.requests.filter(({ collection }) => collection === 'users').length).toBeGreaterThan(2)
    expect(new Set(sis.requests.map(({ query }) => query.get('sort')).filter((sort) => sort !== null))).toEqual(new Set(['sourcedId']))
  })

  test('keeps every name as it is, whatever people are called, and makes a line of each row', async () => {
    const nameText = fc
      .array(fc.oneof(fc.constantFrom(',', '"', '=', ' '), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 })), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => parts.join('').trim())
      .filter((name) => name !== '' && !/[\p{Cc}\u2028\u2029]/u.test(name))
    await fc.assert(
      fc.asyncProperty(fc.array(nameText, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (names, rowsPerPage) => {
        sis.collections = sound()
        sis.collections['courses'] = names.map((title, index) => ({
          sourcedId: `named-${index}`,
          status: 'active',
          dateLastModified: changedAt,
          title,
        }))
        sis.collections['classes'] = (sis.collections['classes'] ?? []).map((section) => ({ ...section, course: { sourcedId: 'named-0' } }))
        const rows = (await readFeed(await pull({ rowsPerPage: rowsPerPage * 20 }), { custody: null })).flatMap((line) => line.rows)
        const titles = rows.flatMap((row) => (row.kind === 'course' ? [`${row.sourcedId} ${row.title}`] : []))
        expect(titles.toSorted()).toEqual(names.map((title, index) => `named-${index} ${title}`).toSorted())
      }),
      { numRuns: 15 },
    )
  })

  test('has the language of people from the column of the district, and is not refused for one that nobody knows', async () => {
    const users = sis.collections['users'] ?? []
    for (const [index, homeLanguage] of ['Spanish', 'vie', 'Quuxish', ['es'], ''].entries())
      Object.assign(users[index] ?? {}, { metadata: { custody: 'yes', homeLanguage } })
    const lines = await readFeed(await pull(), { custody: sampleCustody, languageColumn: homeLanguageColumn })
    const read = new Map(lines.flatMap(({ rows }) => rows).flatMap((row) => (row.kind === 'user' ? [[row.sourcedId, row]] : [])))
    expect(users.slice(0, 6).map(({ sourcedId }) => read.get(String(sourcedId))?.language)).toEqual(['es', 'vi', null, null, null, null])
    expect(read.get(String(users[0]?.['sourcedId']))?.custody).toBe('permitted')
    expect(lines.flatMap(({ rejects }) => rejects.map(({ sourcedId, column, code }) => [sourcedId, column, code]))).toEqual([
      [users[2]?.['sourcedId'], homeLanguageColumn, 'language-unknown'],
    ])
  })

  test('turns a line break in a name into a blank, and never into two rows', async () => {
    const first = sis.collections['courses']?.[0]
    if (first !== undefined) first['title'] = 'Algebra\r\nx,,,Injected'
    const lines = await readFeed(await pull(), { custody: null })
    const courses = lines.filter(({ file }) => file === 'courses')
    expect(courses).toHaveLength(sis.collections['courses']?.length ?? 0)
    expect(courses.flatMap(({ rows }) => rows)).toContainEqual(expect.objectContaining({ title: 'Algebra x,,,Injected' }))
  })

  test('never writes what Hallpass does not take', async () => {
    const lines = await readFeed(await pull(), { custody: sampleCustody })
    expect(JSON.stringify(lines)).not.toContain('canary')
    const text = await withFeedFile(await pull(), async (path) => {
      const zip = await openFeedZip(path)
      const parts: Uint8Array[] = []
      for (const name of zip.names) for await (const chunk of zip.read(name)) parts.push(chunk)
      zip.close()
      return Buffer.concat(parts).toString()
    })
    expect(text).toContain('givenName')
    expect(text).not.toContain('canary')
  })

  test('leaves out what is to be deleted, so that it counts as gone', async () => {
    const [first] = sis.collections['enrollments'] ?? []
    if (first !== undefined) first['status'] = 'tobedeleted'
    const ids = (await readFeed(await pull())).flatMap(({ rows }) =>
      rows.flatMap((row) => (row.kind === 'enrollment' ? [row.sourcedId] : [])),
    )
    expect(ids).toHaveLength((sis.collections['enrollments']?.length ?? 0) - 1)
    expect(ids).not.toContain(first?.['sourcedId'])
  })

  test('leaves nothing on disk', async () => {
    await pull()
    sis.setFault((collection) => (collection === 'enrollments' ? { status: 403 } : undefined))
    expect(await codeOf(pull())).toBe('forbidden')
    expect(await readdir(spillFolder)).toEqual([])
  })
})

const pullRoleIds = async (since: Date): Promise<(string | null)[]> =>
  (await readFeed(await pull({ since }))).flatMap(({ rows }) => rows.flatMap((row) => (row.kind === 'role' ? [row.sourcedId] : [])))

describe('a pull of changes', () => {
  const since = new Date('2026-09-15T00:00:00.000Z')
  const later = '2026-09-20T10:00:00.000Z'

  test('asks for what changed since, and is a delta of that', async () => {
    const [one, other] = sis.collections['enrollments'] ?? []
    Object.assign(one ?? {}, { dateLastModified: later, endDate: '2026-09-21' })
    Object.assign(other ?? {}, { dateLastModified: later, status: 'tobedeleted' })
    const rows = (await readFeed(await pull({ since }))).flatMap((line) => line.rows)
    expect(rows).toEqual([
      expect.objectContaining({ kind: 'enrollment', sourcedId: one?.['sourcedId'], ends: '2026-09-21' }),
      { kind: 'removal', sourcedId: other?.['sourcedId'] },
    ])
    expect(new Set(sis.requests.flatMap(({ query }) => query.get('filter') ?? []))).toEqual(
      new Set([`dateLastModified>'${since.toISOString()}'`]),
    )
  })

  test('names the roles that a person no longer has, since REST only says which are left', async () => {
    const [user] = sis.collections['users'] ?? []
    const id = String(user?.['sourcedId'])
    Object.assign(user ?? {}, { dateLastModified: later })
    const lines = await readFeed(await pull({ since, roleIds: { [id]: ['role-of-before'] } }))
    const roles = lines.filter(({ file }) => file === 'roles').flatMap(({ rows }) => rows)
    expect(roles).toEqual([expect.objectContaining({ kind: 'role', userSourcedId: id }), { kind: 'removal', sourcedId: 'role-of-before' }])
  })

  test('gives a role the same id each time, so that nothing seems to change', async () => {
    const [user] = sis.collections['users'] ?? []
    Object.assign(user ?? {}, { dateLastModified: later })
    expect(await pullRoleIds(since)).toEqual(await pullRoleIds(since))
  })

  test('of nothing is a feed that changes nothing', async () => {
    expect((await readFeed(await pull({ since }))).flatMap(({ rows }) => rows)).toEqual([])
  })
})

/** The fault at the first so many requests of a collection. */
const atFirst =
  (fault: Fault, times: number, at = 'users') =>
  (collection: string, before: number) =>
    collection === at && before < times ? fault : undefined

describe('a provider that', () => {
  test.each<[string, Fault]>([
    ['is busy for a while', { status: 429, headers: { 'retry-after': '7' } }],
    ['is in maintenance', { status: 503, headers: { 'retry-after': '7' } }],
  ])('%s is waited for as long as it asks, and nothing is lost', async (_what, fault) => {
    sis.setFault(atFirst(fault, 3))
    expect(await toRows(await pull())).toEqual(await toRows(await packFeed(tables, '1.2')))
    expect(waits).toEqual([7_000, 7_000, 7_000])
  })

  test.each<[string, Fault]>([
    ['fails', { status: 500 }],
    ['cuts an answer short', { cutAt: 40 }],
  ])('%s and recovers is asked again, with growing pauses', async (_what, fault) => {
    sis.setFault(atFirst(fault, 3))
    expect(await codeOf(pull())).toBe('pulled')
    expect(waits).toHaveLength(3)
    expect(waits[2]).toBeGreaterThan(waits[0] ?? Infinity)
  })

  test.each<[string, Fault, string]>([
    ['is always busy', { status: 429 }, 'busy'],
    ['asks for an hour', { status: 503, headers: { 'retry-after': '3600' } }, 'busy'],
    ['always fails', { status: 502 }, 'failing'],
    ['answers no JSON', { status: 200, body: '<html>' }, 'answer-malformed'],
    ['does not take our question', { status: 422 }, 'request-refused'],
    ['refuses the collection', { status: 403 }, 'forbidden'],
    ['does not know the collection', { status: 404 }, 'not-found'],
    ['leads elsewhere', { status: 302, headers: { location: 'https://127.0.0.1/' } }, 'redirect'],
    ['gives the same page again', { repeatPage: true }, 'pages-repeat'],
    ['says that there are fewer than it gives', { total: 10 }, 'total-wrong'],
    ['says that there are more than it gives', { total: 100_000 }, 'total-wrong'],
  ])('%s ends the pull, and says why', async (_what, fault, code) => {
    sis.setFault((collection) => (collection === 'users' ? fault : undefined))
    const codes = code === 'pages-repeat' ? ['pages-repeat', 'rows-moved'] : [code]
    expect(codes).toContain(await codeOf(pull()))
  })

  test('drips its answer is not waited for without end', async () => {
    sis.setFault((collection) => (collection === 'users' ? { dripMs: 5 } : undefined))
    expect(await codeOf(pull({ timeoutMs: 300 }))).toBe('failing')
  })

  test.each<[string, Fault]>([
    ['says no total', { total: null }],
    ['gives no links', { withoutLinks: true }],
  ])('%s is read to its end all the same', async (_what, fault) => {
    sis.setFault(() => fault)
    expect(await toRows(await pull())).toEqual(await toRows(await packFeed(tables, '1.2')))
  })

  test('loses a row while it is read in bulk is not believed: whoever is missing would lose access', async () => {
    sis.setFault((collection, before) => {
      if (collection === 'users' && before === 2) sis.collections['users']?.splice(0, 1)
      return undefined
    })
    expect(await codeOf(pull())).toBe('rows-moved')
  })

  test('ends a token early is asked for a new one, once', async () => {
    sis.setFault((collection, before) => {
      if (collection === 'enrollments' && before === 1) sis.endTokens()
      return undefined
    })
    const before = sis.tokensGiven
    expect(await toRows(await pull())).toEqual(await toRows(await packFeed(tables, '1.2')))
    expect(sis.tokensGiven - before).toBe(2)
  })

  test('takes no token ends the pull', async () => {
    sis.setFault((collection) => (collection === 'users' ? { status: 401 } : undefined))
    expect(await codeOf(pull())).toBe('unauthorized')
  })

  test('does not know our secret ends the pull, and the secret is in no message', async () => {
    const refused = await pull({ clientSecret: 'canary-secret' }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'token-refused' })
    expect(String(refused)).not.toContain('canary-secret')
  })

  test('is no longer wanted is let go at once', async () => {
    const stop = new AbortController()
    sis.setFault((collection) => {
      if (collection === 'classes') stop.abort(new Error('shut down'))
      return undefined
    })
    await expect(pull({ signal: stop.signal })).rejects.toThrow('shut down')
  })
})
