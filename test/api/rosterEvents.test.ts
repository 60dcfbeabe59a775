import { v4 as randomId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RosterEventView } from '../../api/schemas/rosterEventSchema.ts'
import type { EventAction, EventType } from '../../domain/roster/rosterEvents.ts'
import { openRosterCounty, type RosterCounty, type RosterTown } from '../support/rosterTown.ts'
import type { DistrictSpec } from '../support/rosterRows.ts'

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
    ['orgs', 'created', { sourcedId: 's2', name: 'Other', type: 'school' }, before],
    ['orgs', 'deleted', { sourcedId: 's' }, []],
    ['courses', 'updated', { sourcedId: 'c', title: 'Another' }, before],
  ])('of %s, %s, connects whom the record says and nobody else', async (type, action, data, after) => {
    const town = await county.addTown(spec)
    expect(await send(town, type, action, data)).toMatchObject({ status: 200, body: { outcome: 'applied', rosterVersion: 2, action } })
    expect(await reach(town)).toEqual(after.toSorted())
  })
})
