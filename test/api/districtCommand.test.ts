import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { packFeed } from '../../demo/roster/packFeed.ts'
import { toFeedTables } from '../../demo/roster/toFeedTables.ts'
import { createNeighbourRoster } from '../../demo/sampleRoster.ts'
import { askForToken } from '../support/addMachine.ts'
import { openDistrictCommand, type DistrictCommand, type Ended } from '../support/districtCommand.ts'

let its: DistrictCommand
beforeAll(async () => {
  its = await openDistrictCommand()
})
afterAll(() => its?.close())

let serial = 0
let name = ''
beforeEach(() => {
  serial += 1
  name = `Invented District ${serial}`
})
const create = (...more: string[]) => its.create(name, ...more)
const count = async (table: string): Promise<number> =>
  Number((await its.database.superuser.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n)
const tables = ['districts', 'keys.data_keys', 'users', 'grants', 'api_clients', 'audit_entries']
const countAll = async (): Promise<number[]> => {
  const counts: number[] = []
  for (const table of tables) counts.push(await count(table))
  return counts
}

describe('a district that is made', () => {
  test('has an administrator who may administer it, and whose address only its own keys open', async () => {
    const made = its.read(await create('--json'))
    const call = await its.callerOf(made.districtId, 'hallpass:admin-1')
    expect(await call('GET', '/v1/me')).toMatchObject({ status: 200, body: { id: made.administratorId } })
    expect((await call('GET', `/v1/districts/${made.districtId}/api-clients`)).status).toBe(200)
    // It begins with our terms of use, which everybody of it accepts before they write.
    expect(await call('GET', '/v1/terms-of-use')).toMatchObject({ body: { terms: { version: 1 }, mustAccept: true } })
    const { body } = await call<{ items: { publishedBy: object | null }[] }>('GET', `/v1/districts/${made.districtId}/terms-of-use`)
    expect(body.items).toMatchObject([{ version: 1, publishedBy: null }])
    const { rows } = await its.database.superuser.query<{ email: Buffer; email_hash: Buffer }>(
      'select email, email_hash from users where id = $1',
      [made.administratorId],
    )
    const keyService = await openLocalKeyService(join(its.folder, 'keys'))
    const cipher = await createDistrictKeys({ database: await its.database.open('app'), keyService }).forDistrict(made.districtId)
    const cell = { table: 'users', rowId: made.administratorId, column: 'email' }
    expect(cipher.openText(cell, rows[0]?.email ?? Buffer.alloc(0))).toBe('Ida@Example.org')
    expect(rows[0]?.email_hash).toEqual(cipher.hashForLookup('ida@example.org'))
  })

  test('has a machine whose secret is shown once and works, when one was asked for', async () => {
    const ended = await create('--machine', 'Invented SIS')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const [, clientId = ''] = /client id\s+(\S+)/.exec(ended.stdout) ?? []
    const [, secret = ''] = /client secret\s+(\S+)/.exec(ended.stdout) ?? []
    const answer = await askForToken(its.api.url, clientId, secret)
    expect(await answer.json()).toMatchObject({ scope: 'roster.read roster.write' })
    const { rows } = await its.database.superuser.query<{ row: string }>(
      'select api_clients::text as row from api_clients union all select audit_entries::text from audit_entries',
    )
    expect(rows.map(({ row }) => row).join('\n')).not.toContain(secret)
  })

  test('stands with who made it and why in the log of our operations, and what it was given in its own', async () => {
    const made = its.read(await create('--machine', 'Invented SIS', '--json'))
    const { rows } = await its.database.superuser.query(
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
    const made = its.read(await create(...custody, '--brake-percent', '5', '--brake-rows', '0', '--json'))
    const { rows } = await its.database.superuser.query(
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
    const feed = join(its.folder, 'feed.zip')
    await writeFile(feed, await packFeed(toFeedTables(createNeighbourRoster('2026-10-05'), '1.2'), '1.2'))
    const made = its.read(await create('--feed', feed, '--json'))
    expect(made.report?.rows['enrollment']).toBeGreaterThan(0)
    const { rows } = await its.database.superuser.query('select 1 from users where district_id = $1', [made.districtId])
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
    const made = its.read(await create('--json'))
    name = name.toUpperCase()
    const { stderr } = await expectNothingMade(() => create())
    expect(stderr).toContain(made.districtId)
    expect((await create('--even-if-the-name-is-taken')).code).toBe(0)
  })

  test('when the last of it cannot be written', async () => {
    await its.database.superuser.query(`alter table api_clients add constraint planted check (name <> 'planted')`)
    const { stderr } = await expectNothingMade(() => create('--machine', 'planted'))
    expect(stderr).not.toContain('Ida')
    expect(stderr).toContain('mend:')
  })

  test('when the feed cannot be read', async () => {
    const feed = join(its.folder, 'broken.zip')
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
  const made = its.read(await create('--json'))
  const { stdout } = await its.run('list')
  expect(stdout).toContain(`${made.districtId}  America/Chicago  no roster yet  ${name}\n`)
  expect(stdout).not.toContain(operationsDistrictId)
  const listed = JSON.parse((await its.run('list', '--json')).stdout) as { districts: { districtId: string }[] }
  expect(listed.districts.map(({ districtId }) => districtId)).toContain(made.districtId)
})
