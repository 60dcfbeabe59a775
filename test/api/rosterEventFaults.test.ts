import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { RosterEventView } from '../../api/schemas/rosterEventSchema.ts'
import type { EventAction, EventType } from '../../domain/roster/rosterEvents.ts'
import { openRosterCounty, type RosterCounty, type RosterTown } from '../support/rosterTown.ts'
import { ref, personRecord, seatRecord, sectionRecord, termRecord, pairRecord, toEvent } from '../support/eventRecords.ts'
import { smallTown, smallTownReach } from '../support/districtSpecs.ts'

let county: RosterCounty
beforeAll(async () => {
  county = await openRosterCounty()
})
afterAll(() => county?.close())

const list = async (town: RosterTown) => (await town.administrator<{ items: RosterEventView[] }>('GET', town.path)).body.items

let untouched: RosterTown | undefined

describe('an event that does not fit changes nothing and says where', () => {
  test.each<[string, EventType, EventAction, object, string, string]>([
    [
      'a name with half a surrogate pair',
      'users',
      'updated',
      personRecord('kid', 'student', { givenName: 'Half \ud83d' }),
      '/data/givenName',
      'character-unprintable',
    ],
    [
      'a person whom the roster does not have',
      'enrollments',
      'created',
      seatRecord('e7', 'nobody-quux', 'math', 'student'),
      '/data/user/sourcedId',
      'reference-unresolved',
    ],
    [
      'a section whom the roster does not have',
      'enrollments',
      'updated',
      seatRecord('e2', 'kid', 'nothing-quux', 'student'),
      '/data/class/sourcedId',
      'reference-unresolved',
    ],
    [
      'an agent whom the roster does not have',
      'users',
      'updated',
      personRecord('kid', 'student', { agents: [ref('nobody-quux')] }),
      '/data/agents',
      'reference-unresolved',
    ],
    [
      'a school that the roster does not have',
      'users',
      'updated',
      personRecord('kid', 'student', { roles: [{ role: 'student', org: ref('nowhere-quux') }] }),
      '/data/roles',
      'reference-unresolved',
    ],
    [
      'a guardian whom the roster does not have',
      'guardianships',
      'created',
      pairRecord('kid', 'nobody-quux', { custody: 'permitted' }),
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
      pairRecord('kid', 'mum', { custody: 'w-quux' }),
      '/data/custody',
      'value-unknown',
    ],
    ['no id', 'enrollments', 'deleted', {}, '/data/sourcedId', 'required-missing'],
    ['an id that is none', 'enrollments', 'deleted', { sourcedId: 'a b quux' }, '/data/sourcedId', 'id-malformed'],
    [
      'no user',
      'enrollments',
      'created',
      { ...seatRecord('e7', 'kid', 'math', 'student'), user: 'kid-quux' },
      '/data/user/sourcedId',
      'required-missing',
    ],
    ['a role that is none', 'enrollments', 'created', seatRecord('e7', 'kid', 'math', 'r-quux'), '/data/role', 'value-unknown'],
    ['nothing of roles', 'users', 'updated', personRecord('kid', 'student', { roles: undefined }), '/data/roles', 'required-missing'],
    ['a role of a user’s that is none', 'users', 'updated', personRecord('kid', 'r-quux'), '/data/roles/0/role', 'value-unknown'],
    [
      'a list of agents that is no list of references',
      'users',
      'updated',
      personRecord('kid', 'student', { agents: ['mum-quux'] }),
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
      sectionRecord('math', { title: 'quux'.repeat(300) }),
      '/data/title',
      'text-too-long',
    ],
  ])('%s', async (_, type, action, data, pointer, code) => {
    untouched ??= await county.addTown(smallTown)
    const town = untouched
    const { status, body } = await town.administrator<Problem>('POST', town.path, toEvent(type, action, { data }))
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'invalid-input', errors: [{ in: 'body', pointer, code }] } })
    for (const sent of ['quux', '4711-99-99']) expect(JSON.stringify(body)).not.toContain(sent)
    expect(await county.room.reach(town.districtId)).toEqual(smallTownReach)
    expect(await list(town)).toEqual([])
  })

  test.each<[string, object, string]>([
    ['demographics', { type: 'demographics' }, '/type'],
    ['an action that is none', { action: 'merged' }, '/action'],
    ['an id that is no uuid', { id: '1' }, '/id'],
    ['a time that is none', { occurredAt: 'today' }, '/occurredAt'],
    ['a time to come', { occurredAt: '2999-01-01T00:00:00.000Z' }, '/occurredAt'],
    ['a record that is a list', { data: [] }, '/data'],
    ['a record longer than a line of a feed may be', { data: { sourcedId: 'e2', note: 'x'.repeat(70_000) } }, '/data'],
    ['another field', { reason: 'because' }, '/reason'],
  ])('%s', async (_, change, pointer) => {
    untouched ??= await county.addTown(smallTown)
    const event = { ...toEvent('enrollments', 'deleted', { data: { sourcedId: 'e2' } }), ...change }
    const { status, body } = await untouched.administrator<Problem>('POST', untouched.path, event)
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ in: 'body', pointer }] } })
    expect(await list(untouched)).toEqual([])
  })
})
