import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { packFeed } from '../../demo/roster/packFeed.ts'
import { toFeedTables } from '../../demo/roster/toFeedTables.ts'
import { createNeighbourRoster } from '../../demo/sampleRoster.ts'
import { openSession } from '../../deploy/openSession.ts'
import { setGrant } from '../../deploy/setGrant.ts'
import { askForToken } from '../support/addMachine.ts'
import { createCaller } from '../support/callApi.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'
import { bareEnvironment } from '../support/bareEnvironment.ts'

let database: TestDatabase
let api: RunningApi
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  folder = await mkdtemp(join(tmpdir(), 'hallpass-district-'))
})
afterAll(async () => {
  await api?.close()
  await database?.close()
  await rm(folder, { recursive: true, force: true })
})

type Ended = { code: number; stdout: string; stderr: string }
type Created = {
  districtId: string
  administratorId: string
  clientId: string | null
  clientSecret: string | null
  report: { rows: Record<string, number> } | null
}

const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const { owner, sweeper } = database.urls
    const env = {
      ...bareEnvironment(),
      DATABASE_URL_OWNER: owner,
      DATABASE_URL_SWEEPER: sweeper,
      KEY_FILE: join(folder, 'keys'),
    }
    execFile(process.execPath, ['deploy/districtMain.ts', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })

let serial = 0
let name = ''
beforeEach(() => {
  serial += 1
  name = `Invented District ${serial}`
})
const administrator = ['--admin-given', 'Ida', '--admin-family', 'Invented', '--admin-email', 'Ida@Example.org']
const create = (...more: string[]) =>
  run('create', '--name', name, '--time-zone', 'America/Chicago', ...administrator, '--reason', 'contract signed', ...more)
const read = ({ stdout }: Ended): Created => JSON.parse(stdout) as Created
const count = async (table: string): Promise<number> =>
  Number((await database.superuser.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n)
const tables = ['districts', 'keys.data_keys', 'users', 'grants', 'api_clients', 'audit_entries']
const countAll = async (): Promise<number[]> => {
  const counts: number[] = []
  for (const table of tables) counts.push(await count(table))
  return counts
}

describe('a district that is made', () => {
  test('has an administrator who may administer it, and whose address only its own keys open', async () => {
    const made = read(await create('--json'))
    const session = await openSession({
      databaseUrl: database.urls.app,
      districtId: made.districtId,
      user: 'hallpass:admin-1',
      lifeSeconds: 600,
      staff: 'test',
      reason: 'test',
    })
    const call = createCaller(api.url, session?.token ?? '')
    expect(await call('GET', '/v1/me')).toMatchObject({ status: 200, body: { id: made.administratorId } })
    expect((await call('GET', `/v1/districts/${made.districtId}/api-clients`)).status).toBe(200)
    // It begins with our terms of use, which everybody of it accepts before they write.
    expect(await call('GET', '/v1/terms-of-use')).toMatchObject({ body: { terms: { version: 1 }, mustAccept: true } })
    const { body } = await call<{ items: { publishedBy: object | null }[] }>('GET', `/v1/districts/${made.districtId}/terms-of-use`)
    expect(body.items).toMatchObject([{ version: 1, publishedBy: null }])
    const { rows } = await database.superuser.query<{ email: Buffer; email_hash: Buffer }>(
      'select email, email_hash from users where id = $1',
      [made.administratorId],
    )
    const keyService = await openLocalKeyService(join(folder, 'keys'))
    const cipher = await createDistrictKeys({ database: await database.open('app'), keyService }).forDistrict(made.districtId)
    const cell = { table: 'users', rowId: made.administratorId, column: 'email' }
    expect(cipher.openText(cell, rows[0]?.email ?? Buffer.alloc(0))).toBe('Ida@Example.org')
    expect(rows[0]?.email_hash).toEqual(cipher.hashForLookup('ida@example.org'))
  })

  test('has a machine whose secret is shown once and works, when one was asked for', async () => {
    const ended = await create('--machine', 'Invented SIS')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const [, clientId = ''] = /client id\s+(\S+)/.exec(ended.stdout) ?? []
    const [, secret = ''] = /client secret\s+(\S+)/.exec(ended.stdout) ?? []
    const answer = await askForToken(api.url, clientId, secret)
    expect(await answer.json()).toMatchObject({ scope: 'roster.read roster.write' })
    const { rows } = await database.superuser.query<{ row: string }>(
      'select api_clients::text as row from api_clients union all select audit_entries::text from audit_entries',
    )
    expect(rows.map(({ row }) => row).join('\n')).not.toContain(secret)
  })

  test('stands with who made it and why in the log of our operations, and what it was given in its own', async () => {
    const made = read(await create('--machine', 'Invented SIS', '--json'))
    const { rows } = await database.superuser.query(
      `select district_id, action, actor_kind, target, reason from audit_entries where target = any($1) order by action`,
      [[made.districtId, made.administratorId, made.clientId]],
    )
    const act = { actor_kind: 'staff', reason: 'contract signed' }
    expect(rows).toEqual([
      { ...act, district_id: made.districtId, action: 'api-client.create', target: made.clientId },
      { ...act, district_id: operationsDistrictId, action: 'district.create', target: made.districtId },
      { ...act, district_id: made.districtId, action: 'grant.give', target: made.administratorId },
    ])
  })

  test('keeps how its custody is told and where its brake holds', async () => {
    const custody = ['--custody-column', 'metadata.custody', '--custody-permitted', 'yes, joint', '--custody-denied', 'no']
    const made = read(await create(...custody, '--brake-percent', '5', '--brake-rows', '0', '--json'))
    const { rows } = await database.superuser.query(
      'select time_zone, brake_percent, brake_rows, custody_column, custody_permitted, custody_denied from districts where id = $1',
      [made.districtId],
    )
    expect(rows).toEqual([
      {
        time_zone: 'America/Chicago',
        brake_percent: 5,
        brake_rows: 0,
        custody_column: 'metadata.custody',
        custody_permitted: ['yes', 'joint'],
        custody_denied: ['no'],
      },
    ])
  })

  test('is told what a first sync of its feed would take in, and nothing of the feed is applied', async () => {
    const feed = join(folder, 'feed.zip')
    await writeFile(feed, await packFeed(toFeedTables(createNeighbourRoster('2026-10-05'), '1.2'), '1.2'))
    const made = read(await create('--feed', feed, '--json'))
    expect(made.report?.rows['enrollment']).toBeGreaterThan(0)
    const { rows } = await database.superuser.query('select 1 from users where district_id = $1', [made.districtId])
    expect(rows).toHaveLength(1)
    name += ' too'
    expect((await create('--feed', feed)).stdout).toContain('Would be taken in')
  })
})

const expectNothingMade = async (attempt: () => Promise<Ended>): Promise<Ended> => {
  const before = await countAll()
  const ended = await attempt()
  expect(await countAll()).toEqual(before)
  expect(ended.code).not.toBe(0)
  expect(ended.stderr).toContain('hallpass: ')
  return ended
}

describe('nothing at all is made', () => {
  test('when the name is taken in whatever case, unless it was said that it may be', async () => {
    const made = read(await create('--json'))
    name = name.toUpperCase()
    const { stderr } = await expectNothingMade(() => create())
    expect(stderr).toContain(made.districtId)
    expect((await create('--even-if-the-name-is-taken')).code).toBe(0)
  })

  test('when the last of it cannot be written', async () => {
    await database.superuser.query(`alter table api_clients add constraint planted check (name <> 'planted')`)
    const { stderr } = await expectNothingMade(() => create('--machine', 'planted'))
    expect(stderr).not.toContain('Ida')
    expect(stderr).toContain('mend:')
  })

  test('when the feed cannot be read', async () => {
    const feed = join(folder, 'broken.zip')
    await writeFile(feed, 'no zip')
    expect((await expectNothingMade(() => create('--feed', feed))).stderr).toContain('zip')
  })

  test.each([
    ['an option with a value that is wrong', ['--time-zone', 'Europe/Berlin']],
    ['an option that is not there', ['--nonsense']],
  ])('when it was wrongly asked: %s', async (_what, args) => {
    expect((await expectNothingMade(() => create(...args))).code).toBe(2)
  })
})

test('the list names every district, its zone and whether a roster has come', async () => {
  const made = read(await create('--json'))
  const { stdout } = await run('list')
  expect(stdout).toContain(`${made.districtId}  America/Chicago  no roster yet  ${name}\n`)
  expect(stdout).not.toContain(operationsDistrictId)
  const listed = JSON.parse((await run('list', '--json')).stdout) as { districts: { districtId: string }[] }
  expect(listed.districts.map(({ districtId }) => districtId)).toContain(made.districtId)
})

const readRow = async (districtId: string) =>
  (await database.superuser.query('select * from roster_pulls where district_id = $1', [districtId])).rows[0] as
    | Record<string, unknown>
    | undefined

describe('where a roster is fetched from', () => {
  const system = ['--base-url', 'https://sis.example.org', '--token-url', 'https://sis.example.org/token', '--client-id', 'hallpass']
  const pull = async (districtId: string, ...more: string[]): Promise<Ended> => {
    const file = join(folder, 'secret')
    await writeFile(file, 'secret of the system\n')
    return run('pull', '--district', districtId, ...system, '--secret-file', file, '--reason', 'asked by the district', ...more)
  }

  test('is said by one command, its secret sealed in the row, and stands in the list and in the district’s log', async () => {
    const { districtId } = read(await create('--json'))
    expect(await pull(districtId, '--every-hours', '6')).toMatchObject({ code: 0, stderr: '' })
    const row = await readRow(districtId)
    expect(row).toMatchObject({
      base_url: 'https://sis.example.org',
      every_hours: 6,
      bulk_every_days: 7,
      state: 'waiting',
      is_paused: false,
    })
    const keyService = await openLocalKeyService(join(folder, 'keys'))
    const cipher = await createDistrictKeys({ database: await database.open('app'), keyService }).forDistrict(districtId)
    const cell = { table: 'roster_pulls', rowId: String(row?.['id']), column: 'client_secret' }
    expect(cipher.openText(cell, row?.['client_secret'] as Buffer)).toBe('secret of the system')
    expect((await run('list')).stdout).toContain('fetched every 6 h: begins soon')
    expect(await run('pause-pull', '--district', districtId, '--reason', 'end of year')).toMatchObject({ code: 0 })
    expect((await run('list')).stdout).toContain('fetched every 6 h: paused')
    const { rows } = await database.superuser.query(
      `select action, actor_kind, reason from audit_entries where district_id = $1 and target = $2 order by id`,
      [districtId, row?.['id']],
    )
    expect(rows).toEqual([
      { action: 'roster-pull.set', actor_kind: 'staff', reason: 'asked by the district' },
      { action: 'roster-pull.pause', actor_kind: 'staff', reason: 'end of year' },
    ])
  })

  test('is one place: said again it begins anew, with everything', async () => {
    const { districtId } = read(await create('--json'))
    await pull(districtId)
    const before = await readRow(districtId)
    await database.superuser.query(
      `update roster_pulls set cursor_at = now(), bulk_at = now(), started_at = now() where district_id = $1`,
      [districtId],
    )
    await pull(districtId, '--base-url', 'https://other.example.org')
    expect(await readRow(districtId)).toMatchObject({
      id: before?.['id'],
      base_url: 'https://other.example.org',
      cursor_at: null,
      bulk_at: null,
      started_at: null,
    })
  })

  test('is not set when it is wrongly said, or for a district that is not there', async () => {
    const { districtId } = read(await create('--json'))
    const wrong: [string[], number][] = [
      [['--base-url', 'http://sis.example.org'], 2],
      [['--secret-file', '/nowhere'], 1],
      [['--district', '00000000-0000-7000-8000-0000000000ff'], 1],
      [['--district', operationsDistrictId], 1],
    ]
    expect(await Promise.all(wrong.map(async ([args]) => (await pull(districtId, ...args)).code))).toEqual(wrong.map(([, code]) => code))
    const made = await database.superuser.query('select 1 from roster_pulls where district_id = any($1)', [
      [districtId, operationsDistrictId],
    ])
    expect(made.rows).toEqual([])
  })
})

const asked = ['--reason', 'the superintendent wrote to us']
const speak = (verb: 'grant' | 'revoke', districtId: string, user: string, permission: string, ...more: string[]) =>
  run(verb, '--district', districtId, '--user', user, '--permission', permission, ...asked, ...more)
const listGrants = async (districtId: string) =>
  (
    JSON.parse((await run('grants', '--district', districtId, '--json')).stdout) as {
      grants: { sourcedId: string; permission: string; ends: string | null; standing: string }[]
    }
  ).grants.map(({ sourcedId, permission, standing }) => `${sourcedId} ${permission} ${standing}`)
/** Whom the roster speaks of, with this role in it; as `active` says. */
const addPerson = async (districtId: string, sourcedId: string, role: string, isActive = true): Promise<string> => {
  const id = newId()
  await database.superuser.query(
    `insert into users (district_id, id, sourced_id, role, given_name, family_name, is_active) values ($1, $2, $3, $4, 'Given', 'Family', $5)`,
    [districtId, id, sourcedId, role, isActive],
  )
  await database.superuser.query(
    `insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role) values ($1, $2, $3, 's1', $4)`,
    [districtId, `r-${sourcedId}`, id, role],
  )
  return id
}
const mayAdminister = async (districtId: string, user: string): Promise<boolean> => {
  const session = await openSession({
    databaseUrl: database.urls.app,
    districtId,
    user,
    lifeSeconds: 600,
    staff: 'test',
    reason: 'test',
  })
  const { status } = await createCaller(api.url, session?.token ?? '')('GET', `/v1/districts/${districtId}/api-clients`)
  return status === 200
}

describe('permissions', () => {
  test('a district whose administrators have all lost theirs gets one again: who is named by their own id administers at once, and until it is revoked', async () => {
    const { districtId, administratorId } = read(await create('--json'))
    const teacherId = await addPerson(districtId, 't1', 'teacher')
    const ended = await speak('revoke', districtId, 'hallpass:admin-1', 'administer')
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Nobody can administer the district now') as string })
    expect(await mayAdminister(districtId, 'hallpass:admin-1')).toBe(false)

    const given = await speak('grant', districtId, 't1', 'administer', '--json')
    expect(JSON.parse(given.stdout)).toMatchObject({ userId: teacherId, permission: 'administer', ends: null })
    expect(await mayAdminister(districtId, 't1')).toBe(true)
    expect(await listGrants(districtId)).toEqual(['hallpass:admin-1 administer ended', 't1 administer counts'])

    expect(await speak('revoke', districtId, teacherId, 'administer')).toMatchObject({ code: 0, stderr: '' })
    expect(await mayAdminister(districtId, 't1')).toBe(false)
    const { rows } = await database.superuser.query(
      `select action, actor_kind, target, reason, details->>'permission' as permission from audit_entries
       where district_id = $1 and action like 'grant.%' order by id`,
      [districtId],
    )
    const act = { actor_kind: 'staff', reason: 'the superintendent wrote to us', permission: 'administer' }
    expect(rows).toEqual([
      { ...act, action: 'grant.give', target: administratorId, reason: 'contract signed' },
      { ...act, action: 'grant.end', target: administratorId },
      { ...act, action: 'grant.give', target: teacherId },
      { ...act, action: 'grant.end', target: teacherId },
    ])
  })

  test('one with an end counts until that day begins in the time zone of its district, and is another than one that opens more', async () => {
    const { districtId } = read(await create('--json'))
    await addPerson(districtId, 't1', 'teacher')
    expect(await speak('grant', districtId, 't1', 'audit', '--until', '2999-07-01')).toMatchObject({ code: 0, stderr: '' })
    expect(await mayAdminister(districtId, 't1')).toBe(false)
    const { rows } = await database.superuser.query<{ ends: string }>(
      `select (ends at time zone 'America/Chicago')::text as ends from grants where district_id = $1 and permission = 'audit'`,
      [districtId],
    )
    expect(rows).toEqual([{ ends: '2999-07-01 00:00:00' }])
    expect(await listGrants(districtId)).toEqual(['hallpass:admin-1 administer counts', 't1 audit counts'])
  })

  test('nobody is given one that would not count, or twice, and each refusal names what mends it', async () => {
    const { districtId } = read(await create('--json'))
    await addPerson(districtId, 'u1', 'student')
    await addPerson(districtId, 'gone', 'teacher', false)
    const heldId = await addPerson(districtId, 'held', 'teacher')
    await addPerson(districtId, 't1', 'teacher')
    await database.superuser.query(
      `with held as (
         insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author)
         values ($1, $2, 'upload', 'partly-applied', 'k', 'client', 'c') returning id)
       insert into suspensions (district_id, subject_id, sync_id, subject) select $1, $3, id, 'user' from held`,
      [districtId, newId(), heldId],
    )
    const countGrants = async (): Promise<number> => (await listGrants(districtId)).length
    const before = await countGrants()
    const elsewhere = '00000000-0000-7000-8000-0000000000ff'
    const source = {
      ownerUrl: database.urls.owner,
      sweeperUrl: database.urls.sweeper,
      isLocalStack: false,
      apiUrl: null,
      openKeyService: () => openLocalKeyService(join(folder, 'keys')),
    }
    const administer = { district: districtId, permission: 'administer', reason: 'asked' }
    const refused: [string, Parameters<typeof setGrant>[2]][] = [
      ['does no work', { user: 'u1' }],
      ['does no work', { user: 'gone' }],
      ['the brake holds', { user: 'held' }],
      ['no such person', { user: 'T1' }],
      ['has the permission already', { user: 'hallpass:admin-1' }],
      ['has begun', { user: 't1', until: '2026-01-01' }],
      ['no such district', { user: 't1', district: elsewhere }],
      ['no such district', { user: 't1', district: operationsDistrictId }],
      ['--permission must be one of', { user: 't1', permission: 'everything' }],
      ['--until must be a day', { user: 't1', until: '2027-02-30' }],
      ['--reason must be given', { user: 't1', reason: ' ' }],
    ]
    for (const [why, values] of refused) await expect(setGrant(source, 'grant', { ...administer, ...values })).rejects.toThrow(why)
    await expect(setGrant(source, 'revoke', { ...administer, user: 't1' })).rejects.toThrow('does not have the permission')
    await expect(setGrant(source, 'grants', { district: elsewhere })).rejects.toThrow('no such district')
    expect(await countGrants()).toBe(before)
  })

  test('none is given while the roster is being changed: what ends somebody’s work meanwhile would miss it', async () => {
    const { districtId } = read(await create('--json'))
    await addPerson(districtId, 't1', 'teacher')
    const lock = `(hashtextextended('roster:${districtId}', 0))`
    await database.superuser.query(`select pg_advisory_lock${lock}`)
    const early = await speak('grant', districtId, 't1', 'administer')
    // Ending one waits for nobody.
    const ended = await speak('revoke', districtId, 'hallpass:admin-1', 'administer')
    await database.superuser.query(`select pg_advisory_unlock${lock}`)
    expect(early).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('again in a minute') as string })
    expect(ended).toMatchObject({ code: 0 })
    expect(await speak('grant', districtId, 't1', 'administer')).toMatchObject({ code: 0 })
  })
})

const listWords = async (districtId: string) =>
  JSON.parse((await run('words', '--district', districtId, '--json')).stdout) as {
    words: { language: string; term: string; kind: string }[]
    nudges: object[]
  }
const addWord = (districtId: string, term: string, ...more: string[]) =>
  run('add-word', '--district', districtId, '--term', term, '--language', 'es', ...asked, ...more)

describe('the words of a district', () => {
  test('are added, changed, listed and removed, with who and why in the audit log and the word not', async () => {
    const { districtId } = read(await create('--json'))
    expect(await addWord(districtId, 'zopenco')).toMatchObject({ code: 0, stderr: '' })
    expect(await addWord(districtId, 'el viernes', '--kind', 'threat')).toMatchObject({ code: 0 })
    expect(await addWord(districtId, 'zopenco', '--kind', 'abuse')).toMatchObject({ code: 0 })
    await database.superuser.query(`insert into nudge_counts values ($1, current_date, 'revised', 3)`, [districtId])
    expect(await listWords(districtId)).toEqual({
      words: [
        { language: 'es', term: 'el viernes', kind: 'threat' },
        { language: 'es', term: 'zopenco', kind: 'abuse' },
      ],
      nudges: [{ day: expect.any(String), outcome: 'revised', count: 3 }],
    })
    const remove = ['remove-word', '--district', districtId, '--term', 'zopenco', '--language', 'es', ...asked]
    expect((await run(...remove)).code).toBe(0)
    expect((await run(...remove)).code).toBe(1)
    expect((await listWords(districtId)).words).toHaveLength(1)
    const { rows } = await database.superuser.query<{ action: string; details: object }>(
      `select action, details from audit_entries where district_id = $1 and action like 'district-word.%' order by id`,
      [districtId],
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'district-word.add',
      'district-word.add',
      'district-word.add',
      'district-word.remove',
    ])
    expect(JSON.stringify(rows)).not.toMatch(/zopenco|viernes/)
  })

  test('are not added when wrongly said, or for a district that is not there', async () => {
    const { districtId } = read(await create('--json'))
    expect((await addWord(districtId, 'x')).code).toBe(2)
    expect((await addWord(districtId, 'word', '--kind', 'rude')).code).toBe(2)
    expect((await addWord(districtId, 'word', '--language', 'Spanish')).code).toBe(2)
    expect((await addWord(operationsDistrictId, 'word')).code).toBe(1)
    expect((await listWords(districtId)).words).toEqual([])
  })
})
