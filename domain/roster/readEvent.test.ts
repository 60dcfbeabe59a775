import { describe, expect, it } from 'vitest'
import { readEvent } from './readEvent.ts'
import { readGuardianship } from './readGuardianship.ts'
import type { RestRecord } from './rest/records.ts'
import type { Collection } from './rest/records.ts'

const custody = { column: 'metadata.custody', permitted: ['yes'], denied: ['no'] } as const
const toRoleId = ({ role, orgSourcedId }: { role: string; orgSourcedId: string }): string =>
  `role.${role.replace(':', '-')}.${orgSourcedId}`
const toLanguage = (word: string): string | null => (word === 'Spanish' ? 'es' : null)
const ref = (sourcedId: string) => ({ sourcedId })
const read = (type: Collection, record: RestRecord, action: 'updated' | 'deleted' = 'updated') =>
  readEvent({ type, action, record, sources: { custody, languageColumn: 'metadata.homeLanguage' }, toLanguage, toRoleId })

const seat = { sourcedId: 'e1', class: ref('s1'), user: ref('u1'), role: 'student' }
const person = { sourcedId: 'u1', enabledUser: 'true', givenName: 'Given', familyName: 'Family' }

describe('an event', () => {
  it.each([
    ['a role that connects nobody', { ...seat, role: 'proctor' }],
    ['a role of the district’s own', { ...seat, role: 'ext:mentor' }],
    ['no day at all', { ...seat, beginDate: '2026-09-01', endDate: '2026-09-01' }],
    ['a status that says that it is gone', { ...seat, status: 'tobedeleted' }],
    ['the status of older systems', { sourcedId: 'e1', status: 'inactive' }],
  ])('that changes an enrollment into %s ends it', (_, record) => {
    expect(read('enrollments', record)).toMatchObject({ sourcedId: 'e1', rows: [{ kind: 'removal', sourcedId: 'e1' }] })
  })

  it('that deletes needs an id, whatever else the record says', () => {
    expect(read('enrollments', { sourcedId: 'e1', role: 'nonsense' }, 'deleted')).toMatchObject({ rows: [{ kind: 'removal' }] })
  })

  it('of a person takes each role once, and leaves out those that connect nobody without ending anything else', () => {
    const roles = ['student', 'student', 'ext:mentor'].map((role) => ({ role, org: ref('o1') }))
    const event = read('users', { ...person, roles })
    expect('rows' in event && event.rows.map((row) => row.kind)).toEqual(['user', 'role'])
  })

  it('of a person of OneRoster 1.1 has the one role in each organisation', () => {
    const event = read('users', { ...person, role: 'parent', orgs: [ref('o1'), ref('o2')] })
    expect(event).toMatchObject({
      rows: [
        { kind: 'user' },
        { kind: 'role', role: 'guardian', orgSourcedId: 'o1' },
        { kind: 'role', role: 'guardian', orgSourcedId: 'o2' },
      ],
    })
  })

  it('takes nothing but what the roster is made of', () => {
    const dropped = { password: 'x-9', identifier: 'x-9', pronouns: 'x-9', birthDate: 'x-9', metadata: { race: 'x-9', custody: 'no' } }
    const event = read('users', { ...person, roles: [], ...dropped })
    expect(event).toMatchObject({ rows: [{ kind: 'user', custody: 'denied' }] })
    expect(JSON.stringify(event)).not.toContain('x-9')
  })

  it.each([
    ['that is known', { homeLanguage: 'Spanish' }, 'es'],
    ['that nobody knows', { homeLanguage: 'Quuxish' }, null],
    ['that is no word', { homeLanguage: ['Spanish'] }, null],
    ['that another column has', { language: 'Spanish' }, null],
  ])('of a person with a language %s is taken all the same', (_, metadata, language) => {
    const event = read('users', { ...person, roles: [], metadata })
    expect(event).toMatchObject({ rows: [{ kind: 'user', custody: 'unknown', language }] })
  })

  it.each(['agents', 'roles', 'orgs', 'terms'])('refuses %s that are no list of references, which would read as none', (name) => {
    for (const list of ['u2', ['u2'], [null], { sourcedId: 'u2' }])
      expect(read('users', { ...person, roles: [], [name]: list })).toHaveProperty('faults')
  })
})

describe('a guardianship', () => {
  const pair = { student: ref('u1'), guardian: ref('u2') }
  it.each([
    ['permitted', { custody: 'permitted' }],
    ['denied', { custody: 'denied', metadata: { custody: 'yes' } }],
    ['permitted', { metadata: { custody: 'Yes' } }],
    ['denied', { metadata: { custody: 'no' } }],
    ['unknown', { metadata: { custody: 'joint' } }],
    ['unknown', {}],
  ])('is %s by %j', (is, change) => {
    expect(readGuardianship({ ...pair, ...change }, 'created', custody)).toMatchObject({ rows: [{ custody: is }] })
  })

  it('is known by its two people, and ends by them', () => {
    expect(readGuardianship(pair, 'deleted', null)).toMatchObject({ sourcedId: 'u1 u2', rows: [{ custody: null }] })
    expect(readGuardianship({ sourcedId: 'g1' }, 'deleted', null)).toMatchObject({
      faults: [{ pointer: '/student/sourcedId' }, { pointer: '/guardian/sourcedId' }],
    })
  })
})
