import { describe, expect, test } from 'vitest'
import { columnsOf } from '../../domain/roster/columns.ts'
import { feedVersions, takenFiles } from '../../domain/roster/feedFiles.ts'
import { zipFiles } from '../../test/support/feedFiles.ts'
import { readFeed } from '../../test/support/readFeed.ts'

const canary = 'canary-7f3a'
const neverTaken = ['password', 'identifier', 'pronouns', 'userMasterIdentifier', 'username', 'userIds', 'middleName', 'sms', 'grades']
const values: Record<string, string> = {
  sourcedId: 'u1',
  enabledUser: 'true',
  givenName: 'Given',
  familyName: 'Family',
  email: 'u1@example.org',
  phone: '555-0100',
  role: 'student',
  orgSourcedIds: 'o1',
  'metadata.custody': 'yes',
}

describe.each(feedVersions)('of a feed of version %s', (version) => {
  const { required, optional, dropped } = columnsOf('users', version)
  const columns = [
    'sourcedId',
    'status',
    'dateLastModified',
    ...required,
    ...optional,
    ...dropped,
    'metadata.birthDate',
    'metadata.homeLanguage',
    'metadata.custody',
  ]
  const toUsers = (id: string): string =>
    `${columns.join(',')}\n${columns.map((column) => (column === 'sourcedId' ? id : (values[column] ?? (required.includes(column) || dropped.includes(column) || column.startsWith('metadata') ? canary : '')))).join(',')}\n`
  const custody = { column: 'metadata.custody', permitted: ['yes'], denied: [] } as const

  test('no row has a password, an identifier, pronouns, a birth date, or anything else that is not taken', async () => {
    const files = { users: toUsers('u1'), orgs: 'sourcedId,name,type\no1,Name,school\n' }
    const lines = await readFeed(await zipFiles(files, { version }), { custody })
    const users = lines.flatMap(({ rows }) => rows).filter((row) => row.kind === 'user')
    expect(users).toEqual([
      {
        kind: 'user',
        sourcedId: 'u1',
        givenName: 'Given',
        familyName: 'Family',
        email: 'u1@example.org',
        phone: '555-0100',
        isEnabled: true,
        custody: 'permitted',
        language: null,
      },
    ])
    expect(JSON.stringify(lines)).not.toContain(canary)
  })

  test('no reject has one either', async () => {
    const lines = await readFeed(await zipFiles({ users: toUsers('u1').replace(',true,', ',perhaps,') }, { version, mode: 'delta' }), {
      custody,
      languageColumn: 'metadata.homeLanguage',
    })
    expect(lines.flatMap(({ rejects }) => rejects).length).toBeGreaterThan(0)
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${canary}|perhaps|Given|Family|555-0100`))
  })

  test('no column is taken that says more of a person than names, addresses and relations; grades are those of classes', () => {
    const taken = takenFiles.flatMap((file) =>
      [...columnsOf(file, version).required, ...columnsOf(file, version).optional].map((column) => `${file} ${column}`),
    )
    // A class has grades, too.
    expect(taken.filter((column) => neverTaken.includes(column.split(' ')[1] ?? ''))).toEqual(['classes grades'])
  })
})
