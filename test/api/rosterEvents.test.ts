import { v4 as randomId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { RosterEventView } from '../../api/schemas/rosterEventSchema.ts'
import type { EventAction, EventType } from '../../domain/roster/rosterEvents.ts'
import { openRosterCounty, type RosterCounty, type RosterTown } from '../support/rosterTown.ts'
import { toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'

let county: RosterCounty
beforeAll(async () => {
  county = await openRosterCounty()
})
afterAll(() => county?.close())

const spec: DistrictSpec = {
  people: [
    { id: 'ana', role: 'teacher' },
    { id: 'bo', role: 'teacher' },
    { id: 'kid', role: 'student', agents: ['mum', 'dad'] },
    { id: 'sis', role: 'student' },
    { id: 'mum', role: 'guardian', custody: 'permitted', agents: ['sis'] },
    { id: 'dad', role: 'guardian', custody: 'denied' },
  ],
  sections: ['math', 'art'],
  seats: [
    { id: 'e1', user: 'ana', section: 'math', role: 'teacher' },
    { id: 'e2', user: 'kid', section: 'math', role: 'student' },
    { id: 'e3', user: 'bo', section: 'art', role: 'teacher' },
    { id: 'e4', user: 'sis', section: 'art', role: 'student' },
  ],
}
const before = ['ana>kid about kid', 'ana>mum about kid', 'bo>mum about sis', 'bo>sis about sis']

const ref = (sourcedId: string) => ({ sourcedId, href: `https://sis.example/${sourcedId}`, type: 'any' })
const personRecord = (sourcedId: string, role: string, change: object = {}) => ({
  sourcedId,
  status: 'active',
  enabledUser: 'true',
  givenName: `Given ${sourcedId}`,
  familyName: 'Family',
  email: `${sourcedId}@example.org`,
  roles: [{ roleType: 'primary', role, org: ref('s') }],
  ...change,
})
const seatRecord = (sourcedId: string, user: string, section: string, role: string) => ({
  sourcedId,
  class: ref(section),
  user: ref(user),
  school: ref('s'),
  role,
})
const sectionRecord = (sourcedId: string, change: object = {}) => ({
  sourcedId,
  title: sourcedId,
  course: ref('c'),
  school: ref('s'),
  terms: [ref('t')],
  ...change,
})
const termRecord = (sourcedId: string, change: object = {}) => ({
  sourcedId,
  title: sourcedId,
  type: 'term',
  startDate: '2000-01-01',
  endDate: '2999-01-01',
  schoolYear: '2031',
  ...change,
})

const pairRecord = (student: string, guardian: string, change: object = {}) => ({
  student: ref(student),
  guardian: ref(guardian),
  ...change,
})

type Sent = { id?: string; occurredAt?: string; data: object }
const toEvent = (type: EventType, action: EventAction, { id = randomId(), occurredAt = new Date().toISOString(), data }: Sent) => ({
  id,
  type,
  action,
  occurredAt,
  data,
})
const send = (town: RosterTown, type: EventType, action: EventAction, data: object, change: Partial<Sent> = {}) =>
  town.machine<RosterEventView>('POST', town.path, toEvent(type, action, { data, ...change }))
const reach = (town: RosterTown) => county.room.reach(town.districtId)

describe('a single change', () => {
  test('of an enrollment that ends is in effect when it is answered: the teacher’s very next read is the 404 of what is not there', async () => {
    const town = await county.addTown(spec)
    const ana = await town.callAs('ana')
    const { body: channel } = await ana<{ id: string }>('POST', '/v1/channels', { studentId: await town.idOf('kid') })
    expect((await ana('GET', `/v1/channels/${channel.id}/messages`)).status).toBe(200)
    const answer = await send(town, 'enrollments', 'deleted', { sourcedId: 'e2' })
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'applied', rosterVersion: 2, endingCount: 2, type: 'enrollments' } })
    expect((await ana('GET', `/v1/channels/${channel.id}/messages`)).status).toBe(404)
    expect(await reach(town)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
  })

  test.each<[EventType, EventAction, object, string[]]>([
    ['enrollments', 'created', seatRecord('e5', 'bo', 'math', 'teacher'), [...before, 'bo>kid about kid', 'bo>mum about kid']],
    [
      'enrollments',
      'updated',
      seatRecord('e2', 'kid', 'art', 'student'),
      ['bo>kid about kid', 'bo>mum about kid', 'bo>mum about sis', 'bo>sis about sis'],
    ],
    ['enrollments', 'deleted', { sourcedId: 'e2' }, ['bo>mum about sis', 'bo>sis about sis']],
    [
      'users',
      'created',
      personRecord('aunt', 'relative', { agents: [ref('kid')], metadata: { custody: 'yes' } }),
      ['ana>aunt about kid', ...before],
    ],
    [
      'users',
      'updated',
      personRecord('mum', 'parent', { agents: [ref('sis')], metadata: { custody: 'no' } }),
      ['ana>kid about kid', 'bo>sis about sis'],
    ],
    ['users', 'updated', personRecord('ana', 'teacher', { enabledUser: false }), ['bo>mum about sis', 'bo>sis about sis']],
    ['users', 'deleted', { sourcedId: 'kid' }, ['bo>mum about sis', 'bo>sis about sis']],
    ['classes', 'created', sectionRecord('music'), before],
    ['classes', 'updated', sectionRecord('math', { status: 'tobedeleted' }), ['bo>mum about sis', 'bo>sis about sis']],
    ['classes', 'deleted', { sourcedId: 'art' }, ['ana>kid about kid', 'ana>mum about kid']],
    ['academicSessions', 'created', termRecord('t2'), before],
    ['academicSessions', 'updated', termRecord('t', { endDate: '2000-06-01' }), []],
    ['academicSessions', 'deleted', { sourcedId: 't' }, []],
    ['guardianships', 'created', pairRecord('sis', 'dad', { custody: 'permitted' }), [...before, 'bo>dad about sis']],
    [
      'guardianships',
      'updated',
      pairRecord('kid', 'mum', { custody: 'denied' }),
      ['ana>kid about kid', 'bo>mum about sis', 'bo>sis about sis'],
    ],
    ['guardianships', 'updated', pairRecord('kid', 'dad', { metadata: { custody: 'yes' } }), ['ana>dad about kid', ...before]],
    ['guardianships', 'deleted', pairRecord('sis', 'mum'), ['ana>kid about kid', 'ana>mum about kid', 'bo>sis about sis']],
    ['orgs', 'created', { sourcedId: 's2', name: 'Other', type: 'school' }, before],
    ['orgs', 'deleted', { sourcedId: 's' }, []],
    ['courses', 'updated', { sourcedId: 'c', title: 'Another' }, before],
  ])('of %s, %s, connects whom the record says and nobody else', async (type, action, data, after) => {
    const town = await county.addTown(spec)
    expect(await send(town, type, action, data)).toMatchObject({ status: 200, body: { outcome: 'applied', rosterVersion: 2, action } })
    expect(await reach(town)).toEqual(after.toSorted())
  })

  test('of a user without what is dropped keeps none of it: not in the roster, the event, the audit log or what was logged', async () => {
    const town = await county.addTown(spec)
    const secrets = {
      password: 'p-9911',
      identifier: 'i-9911',
      pronouns: 'x-9911',
      username: 'n-9911',
      birthDate: '2014-09-11',
      race: 'r-9911',
    }
    const record = personRecord('kid', 'student', { agents: [ref('mum'), ref('dad')], ...secrets, metadata: { birth: '2014-09-11' } })
    expect(await send(town, 'users', 'updated', record)).toMatchObject({ status: 200, body: { outcome: 'unchanged', rosterVersion: null } })
    for (const table of ['users', 'org_roles', 'roster_events', 'roster_changes', 'audit_entries', 'idempotency_keys', 'outbox']) {
      const { rows } = await county.room.test.superuser.query(`select t::text from ${table} t where district_id = $1`, [town.districtId])
      expect(JSON.stringify(rows)).not.toMatch(/9911|2014-09-11/)
    }
    expect(county.api.logged()).not.toMatch(/9911|2014-09-11/)
  })

  test('that the roster says already makes no version; that a newer source outdid changes nothing, and says so', async () => {
    const town = await county.addTown(spec)
    expect(await send(town, 'enrollments', 'updated', seatRecord('e2', 'kid', 'math', 'student'))).toMatchObject({
      body: { outcome: 'unchanged', rosterVersion: null, endingCount: 0 },
    })
    const late = new Date(Date.now() - 60_000).toISOString()
    expect(await send(town, 'enrollments', 'deleted', { sourcedId: 'e2' }, { occurredAt: late })).toMatchObject({
      status: 200,
      body: { outcome: 'stale', occurredAt: late },
    })
    const older = new Date(Date.now() - 86_400_000).toISOString()
    expect(await send(town, 'users', 'deleted', { sourcedId: 'ana' }, { occurredAt: older })).toMatchObject({ body: { outcome: 'stale' } })
    expect(await reach(town)).toEqual(before)
  })

  test('stands against the feed of before it, and gives way to the feed after it', async () => {
    const town = await county.addTown(spec)
    const at = Date.now()
    await send(town, 'guardianships', 'created', pairRecord('sis', 'dad', { custody: 'permitted' }))
    await send(town, 'guardianships', 'deleted', pairRecord('kid', 'mum'))
    await send(town, 'enrollments', 'deleted', { sourcedId: 'e4' })
    await send(town, 'users', 'created', personRecord('new', 'student'))
    await send(town, 'enrollments', 'created', seatRecord('e9', 'new', 'math', 'student'))
    await send(town, 'enrollments', 'created', seatRecord('e8', 'sis', 'math', 'student'))
    const after = ['ana>dad about sis', 'ana>kid about kid', 'ana>mum about sis', 'ana>new about new', 'ana>sis about sis']
    expect(await reach(town)).toEqual(after)
    const feed = toFeedRows({ ...spec, people: [...spec.people, { id: 'root', role: 'staff' }] })
    expect(await county.room.sync(town.districtId, { rows: feed, at: new Date(at - 1_000) })).toMatchObject({ outcome: 'unchanged' })
    expect(await reach(town)).toEqual(after)
    const { enrollments = [], users = [] } = feed
    const delta = { enrollments: enrollments.filter((row) => 'sourcedId' in row && row.sourcedId === 'e4'), users: users.slice(2, 5) }
    await county.room.sync(town.districtId, { rows: delta, mode: 'delta', at: new Date(at - 1_000) })
    expect(await reach(town)).toEqual(after)
    await county.room.sync(town.districtId, { rows: feed })
    expect(await reach(town)).toEqual(before)
  })
})

describe('of a guardian and a student', () => {
  test('an event speaks for the two alone: neither the guardian’s other children nor the student’s other guardians are touched', async () => {
    const town = await county.addTown(spec)
    await send(town, 'guardianships', 'updated', pairRecord('kid', 'dad', { custody: 'permitted' }))
    await send(town, 'guardianships', 'created', pairRecord('sis', 'dad'))
    expect(await reach(town)).toEqual(['ana>dad about kid', ...before])
  })

  test('custody that an event told holds until a newer line of the guardian’s tells it, and no line of the student’s does', async () => {
    const town = await county.addTown(spec)
    await send(town, 'guardianships', 'updated', pairRecord('kid', 'mum', { custody: 'denied' }))
    const denied = ['ana>kid about kid', 'bo>mum about sis', 'bo>sis about sis']
    await send(town, 'users', 'updated', personRecord('kid', 'student', { givenName: 'Other', agents: [ref('mum'), ref('dad')] }))
    expect(await reach(town)).toEqual(denied)
    await send(town, 'users', 'updated', personRecord('mum', 'parent', { agents: [ref('sis')], metadata: { custody: 'yes' } }))
    expect(await reach(town)).toEqual(before)
  })

  test('of whom nothing is said of custody, or what is no word of the district’s, the one reads nothing of the other', async () => {
    const town = await county.addTown(spec)
    for (const change of [{}, { metadata: { custody: 'maybe' } }, { custody: 'unknown' }])
      expect(await send(town, 'guardianships', 'updated', pairRecord('kid', 'dad', change))).toMatchObject({ status: 200 })
    expect(await reach(town)).toEqual(before)
  })
})

describe('an event that does not fit changes nothing and says where', () => {
  test.each<[string, EventType, EventAction, object, string, string]>([
    [
      'a person whom the roster does not have',
      'enrollments',
      'created',
      seatRecord('e7', 'nobody-4711', 'math', 'student'),
      '/data/user/sourcedId',
      'reference-unresolved',
    ],
    [
      'a section whom the roster does not have',
      'enrollments',
      'updated',
      seatRecord('e2', 'kid', 'nothing-4711', 'student'),
      '/data/class/sourcedId',
      'reference-unresolved',
    ],
    [
      'an agent whom the roster does not have',
      'users',
      'updated',
      personRecord('kid', 'student', { agents: [ref('nobody-4711')] }),
      '/data/agents',
      'reference-unresolved',
    ],
    [
      'a school that the roster does not have',
      'users',
      'updated',
      personRecord('kid', 'student', { roles: [{ role: 'student', org: ref('nowhere-4711') }] }),
      '/data/roles',
      'reference-unresolved',
    ],
    [
      'a guardian whom the roster does not have',
      'guardianships',
      'created',
      pairRecord('kid', 'nobody-4711', { custody: 'permitted' }),
      '/data/guardian/sourcedId',
      'reference-unresolved',
    ],
    [
      'a student who is none',
      'guardianships',
      'created',
      pairRecord('ana', 'mum', { custody: 'permitted' }),
      '/data/student/sourcedId',
      'roles-contradict',
    ],
    [
      'a word for custody that is none',
      'guardianships',
      'created',
      pairRecord('kid', 'mum', { custody: 'w-4711' }),
      '/data/custody',
      'value-unknown',
    ],
    ['no id', 'enrollments', 'deleted', {}, '/data/sourcedId', 'required-missing'],
    ['an id that is none', 'enrollments', 'deleted', { sourcedId: 'a b 4711' }, '/data/sourcedId', 'id-malformed'],
    [
      'no user',
      'enrollments',
      'created',
      { ...seatRecord('e7', 'kid', 'math', 'student'), user: 'kid-4711' },
      '/data/user/sourcedId',
      'required-missing',
    ],
    ['a role that is none', 'enrollments', 'created', seatRecord('e7', 'kid', 'math', 'r-4711'), '/data/role', 'value-unknown'],
    ['nothing of roles', 'users', 'updated', personRecord('kid', 'student', { roles: undefined }), '/data/roles', 'required-missing'],
    ['a role of a user’s that is none', 'users', 'updated', personRecord('kid', 'r-4711'), '/data/roles/0/role', 'value-unknown'],
    [
      'a list of agents that is no list of references',
      'users',
      'updated',
      personRecord('kid', 'student', { agents: ['mum-4711'] }),
      '/data/agents/0',
      'value-unknown',
    ],
    ['a day that is none', 'academicSessions', 'updated', termRecord('t', { endDate: '4711-99-99' }), '/data/endDate', 'date-malformed'],
    [
      'a term that ends before it begins',
      'academicSessions',
      'updated',
      termRecord('t', { endDate: '1999-01-01' }),
      '/data/endDate',
      'period-reversed',
    ],
    ['a section without a term', 'classes', 'updated', sectionRecord('math', { terms: [] }), '/data/terms', 'required-missing'],
    [
      'a name of a thousand letters and more',
      'classes',
      'updated',
      sectionRecord('math', { title: '4711'.repeat(300) }),
      '/data/title',
      'text-too-long',
    ],
  ])('%s', async (_, type, action, data, pointer, code) => {
    const town = await county.addTown(spec)
    const { status, body } = await town.machine<Problem>('POST', town.path, toEvent(type, action, { data }))
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'invalid-input', errors: [{ in: 'body', pointer, code }] } })
    expect(JSON.stringify(body)).not.toContain('4711')
    expect(await reach(town)).toEqual(before)
    const { rows } = await county.room.test.superuser.query('select 1 from roster_events where district_id = $1', [town.districtId])
    expect(rows).toEqual([])
  })
})
