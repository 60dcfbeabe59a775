import { randomBytes } from 'node:crypto'
import { v4 as randomId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { RosterEventView } from '../../api/schemas/rosterEventSchema.ts'
import type { EventAction, EventType } from '../../domain/roster/rosterEvents.ts'
import { withoutRequestId, type ApiAnswer, type Caller } from '../support/callApi.ts'
import { release } from '../support/placeFiles.ts'
import { present } from '../support/present.ts'
import { openRosterCounty, type RosterCounty, type RosterTown } from '../support/rosterTown.ts'
import { toFeedRows } from '../support/rosterRows.ts'
import { ref, personRecord, seatRecord, sectionRecord, termRecord, pairRecord, toEvent, type SentEvent } from '../support/eventRecords.ts'
import { smallTown, smallTownReach } from '../support/districtSpecs.ts'

let county: RosterCounty
beforeAll(async () => {
  county = await openRosterCounty()
})
afterAll(() => county?.close())

const ofSis = ['bo>mum about sis', 'bo>sis about sis']

const send = (town: RosterTown, type: EventType, action: EventAction, data: object, change: Partial<SentEvent> = {}) =>
  town.administrator<RosterEventView>('POST', town.path, toEvent(type, action, { data, ...change }))
/** As a sender does: the same event again, while another change is being applied. */
const sendUntilTaken = async (call: Caller, town: RosterTown, event: object): Promise<ApiAnswer<RosterEventView>> => {
  const answer = await call<RosterEventView>('POST', town.path, event)
  return answer.status === 503 ? sendUntilTaken(call, town, event) : answer
}
type Page = { items: RosterEventView[]; nextCursor: string | null }
const list = async (town: RosterTown) => (await town.administrator<Page>('GET', town.path)).body.items
const reach = (town: RosterTown) => county.room.reach(town.districtId)

describe('a single change', () => {
  test('of an enrollment that ends is in effect when it is answered: the teacher’s very next read is the 404 of what is not there', async () => {
    const town = await county.addTown(smallTown)
    const ana = await town.callAs('ana')
    const { body: channel } = await ana<{ id: string }>('POST', '/v1/channels', { studentId: await town.idOf('kid') })
    expect((await ana('GET', `/v1/channels/${channel.id}/messages`)).status).toBe(200)
    const answer = await send(town, 'enrollments', 'deleted', { sourcedId: 'e2' })
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'applied', rosterVersion: 2, endingCount: 2, type: 'enrollments' } })
    expect((await ana('GET', `/v1/channels/${channel.id}/messages`)).status).toBe(404)
    expect(await reach(town)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
  })

  test.each<[EventType, [EventAction, object, string[]][]]>([
    [
      'enrollments',
      [
        ['created', seatRecord('e5', 'bo', 'math', 'teacher'), [...smallTownReach, 'bo>kid about kid', 'bo>mum about kid']],
        ['updated', seatRecord('e2', 'kid', 'art', 'student'), ['bo>kid about kid', 'bo>mum about kid', ...ofSis]],
        ['deleted', { sourcedId: 'e2' }, ofSis],
      ],
    ],
    [
      'users',
      [
        [
          'created',
          personRecord('aunt', 'relative', { agents: [ref('kid')], metadata: { custody: 'yes' } }),
          ['ana>aunt about kid', ...smallTownReach],
        ],
        [
          'updated',
          personRecord('mum', 'parent', { agents: [ref('sis')], metadata: { custody: 'no' } }),
          ['ana>aunt about kid', 'ana>kid about kid', 'bo>sis about sis'],
        ],
        ['updated', personRecord('ana', 'teacher', { enabledUser: false }), ['bo>sis about sis']],
        ['deleted', { sourcedId: 'sis' }, []],
      ],
    ],
    [
      'classes',
      [
        ['created', sectionRecord('music'), smallTownReach],
        ['updated', sectionRecord('math', { status: 'tobedeleted' }), ofSis],
        ['deleted', { sourcedId: 'art' }, []],
      ],
    ],
    [
      'academicSessions',
      [
        ['created', termRecord('t2'), smallTownReach],
        ['deleted', { sourcedId: 't' }, []],
        ['updated', termRecord('t'), smallTownReach],
        ['updated', termRecord('t', { endDate: '2000-06-01' }), []],
      ],
    ],
    [
      'guardianships',
      [
        ['created', pairRecord('sis', 'dad', { custody: 'permitted' }), [...smallTownReach, 'bo>dad about sis']],
        ['updated', pairRecord('kid', 'mum', { custody: 'denied' }), ['ana>kid about kid', 'bo>dad about sis', ...ofSis]],
        [
          'updated',
          pairRecord('kid', 'dad', { metadata: { custody: 'yes' } }),
          ['ana>dad about kid', 'ana>kid about kid', 'bo>dad about sis', ...ofSis],
        ],
        ['deleted', pairRecord('sis', 'mum'), ['ana>dad about kid', 'ana>kid about kid', 'bo>dad about sis', 'bo>sis about sis']],
      ],
    ],
    [
      'orgs',
      [
        ['created', { sourcedId: 's2', name: 'Other', type: 'school' }, smallTownReach],
        ['deleted', { sourcedId: 's' }, []],
      ],
    ],
    ['courses', [['updated', { sourcedId: 'c', title: 'Another' }, smallTownReach]]],
  ])('of %s, created, updated or deleted, connects whom the record says and nobody else', async (type, steps) => {
    const town = await county.addTown(smallTown)
    for (const [index, [action, data, after]] of steps.entries()) {
      const answer = await send(town, type, action, data)
      expect(answer).toMatchObject({ status: 200, body: { outcome: 'applied', rosterVersion: index + 2, action } })
      expect(await reach(town)).toEqual(after.toSorted())
    }
  })

  test('of a user without what is dropped keeps none of it: not in the roster, the event, the audit log or what was logged', async () => {
    const town = await county.addTown(smallTown)
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
    const town = await county.addTown(smallTown)
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
    expect(await reach(town)).toEqual(smallTownReach)
  })

  test('stands against the feed of before it, and gives way to the feed after it', async () => {
    const town = await county.addTown(smallTown)
    const at = Date.now()
    await send(town, 'guardianships', 'created', pairRecord('sis', 'dad', { custody: 'permitted' }))
    await send(town, 'guardianships', 'deleted', pairRecord('kid', 'mum'))
    await send(town, 'enrollments', 'deleted', { sourcedId: 'e4' })
    await send(town, 'users', 'created', personRecord('new', 'student'))
    await send(town, 'enrollments', 'created', seatRecord('e9', 'new', 'math', 'student'))
    await send(town, 'enrollments', 'created', seatRecord('e8', 'sis', 'math', 'student'))
    const after = ['ana>dad about sis', 'ana>kid about kid', 'ana>mum about sis', 'ana>new about new', 'ana>sis about sis']
    expect(await reach(town)).toEqual(after)
    const feed = toFeedRows({ ...smallTown, people: [...smallTown.people, { id: 'root', role: 'staff' }] })
    expect(await county.room.sync(town.districtId, { rows: feed, at: new Date(at - 1_000) })).toMatchObject({ outcome: 'unchanged' })
    expect(await reach(town)).toEqual(after)
    const { enrollments = [], users = [] } = feed
    const delta = { enrollments: enrollments.filter((row) => 'sourcedId' in row && row.sourcedId === 'e4'), users: users.slice(2, 5) }
    await county.room.sync(town.districtId, { rows: delta, mode: 'delta', at: new Date(at - 1_000) })
    expect(await reach(town)).toEqual(after)
    await county.room.sync(town.districtId, { rows: feed })
    expect(await reach(town)).toEqual(smallTownReach)
  })
})

describe('of a guardian and a student', () => {
  test('an event speaks for the two alone: neither the guardian’s other children nor the student’s other guardians are touched', async () => {
    const town = await county.addTown(smallTown)
    await send(town, 'guardianships', 'updated', pairRecord('kid', 'dad', { custody: 'permitted' }))
    await send(town, 'guardianships', 'created', pairRecord('sis', 'dad'))
    expect(await reach(town)).toEqual(['ana>dad about kid', ...smallTownReach])
  })

  test('custody that an event told holds until a newer line of the guardian’s tells it, and no line of the student’s does', async () => {
    const town = await county.addTown(smallTown)
    await send(town, 'guardianships', 'updated', pairRecord('kid', 'mum', { custody: 'denied' }))
    const denied = ['ana>kid about kid', 'bo>mum about sis', 'bo>sis about sis']
    await send(town, 'users', 'updated', personRecord('kid', 'student', { givenName: 'Other', agents: [ref('mum'), ref('dad')] }))
    expect(await reach(town)).toEqual(denied)
    await send(town, 'users', 'updated', personRecord('mum', 'parent', { agents: [ref('sis')], metadata: { custody: 'yes' } }))
    expect(await reach(town)).toEqual(smallTownReach)
  })

  test('of whom nothing is said of custody, or what is no word of the district’s, the one reads nothing of the other', async () => {
    const town = await county.addTown(smallTown)
    for (const change of [{}, { metadata: { custody: 'maybe' } }, { custody: 'unknown' }])
      expect(await send(town, 'guardianships', 'updated', pairRecord('kid', 'dad', change))).toMatchObject({ status: 200 })
    expect(await reach(town)).toEqual(smallTownReach)
  })
})

describe('an event that is sent again', () => {
  test('is answered as the first time and done once, one after the other and at the same moment, and by whoever of the district sends it', async () => {
    const town = await county.addTown(smallTown)
    const machine = await town.addMachine(['roster.write'])
    const event = toEvent('enrollments', 'deleted', { data: { sourcedId: 'e2' } })
    const answers = await Promise.all([1, 2, 3].map(() => sendUntilTaken(machine, town, event)))
    answers.push(await town.administrator<RosterEventView>('POST', town.path, { ...event, id: event.id.toUpperCase() }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(answers[0]?.body).toMatchObject({ outcome: 'applied', rosterVersion: 2, endingCount: 2, author: { kind: 'client' } })
    expect(await list(town)).toHaveLength(1)
    const { rows } = await county.room.test.superuser.query(
      `select action, actor_kind, details from audit_entries where district_id = $1 and target = $2`,
      [town.districtId, event.id],
    )
    expect(rows).toEqual([
      { action: 'roster-event.apply', actor_kind: 'client', details: { action: 'deleted', type: 'enrollments', outcome: 'applied' } },
    ])
  })

  test('with another record, action or time under its id is refused, and is not done', async () => {
    const town = await county.addTown(smallTown)
    const event = toEvent('enrollments', 'updated', { data: seatRecord('e2', 'kid', 'math', 'student') })
    await town.administrator('POST', town.path, event)
    for (const change of [
      { data: seatRecord('e2', 'kid', 'art', 'student') },
      { action: 'deleted' },
      { occurredAt: new Date(0).toISOString() },
    ])
      expect(await town.administrator<Problem>('POST', town.path, { ...event, ...change })).toMatchObject({
        status: 409,
        body: { code: 'event-id-reused' },
      })
    expect(await reach(town)).toEqual(smallTownReach)
  })

  test('after it was refused is looked at anew', async () => {
    const town = await county.addTown(smallTown)
    const event = toEvent('enrollments', 'created', { data: seatRecord('e5', 'new', 'math', 'student') })
    expect((await town.administrator('POST', town.path, event)).status).toBe(422)
    await send(town, 'users', 'created', personRecord('new', 'student'))
    expect(await town.administrator('POST', town.path, event)).toMatchObject({ status: 200, body: { outcome: 'applied' } })
    expect(await reach(town)).toContain('ana>new about new')
  })
})

describe('while somebody else changes the roster', () => {
  test('an event waits a moment, then asks to be sent again, and has done nothing; sent again it is applied', async () => {
    const town = await county.addTown(smallTown)
    const event = toEvent('enrollments', 'deleted', { data: { sourcedId: 'e2' } })
    const key = `roster:${town.districtId}`
    const { superuser } = county.room.test
    await superuser.query('select pg_advisory_lock(hashtextextended($1, 0))', [key])
    const refused = await town.administrator<Problem>('POST', town.path, event)
    expect(refused).toMatchObject({ status: 503, body: { code: 'roster-busy' } })
    expect(refused.headers.get('Retry-After')).toBe('5')
    expect(await reach(town)).toEqual(smallTownReach)
    expect(await list(town)).toEqual([])
    await superuser.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key])
    expect(await town.administrator('POST', town.path, event)).toMatchObject({ status: 200, body: { outcome: 'applied' } })
    expect(await reach(town)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
  })

  test('events wait without a connection: none of them stands in the database’s queue for the lock', async () => {
    const town = await county.addTown(smallTown)
    const { superuser } = county.room.test
    await superuser.query('select pg_advisory_lock(hashtextextended($1, 0))', [`roster:${town.districtId}`])
    const waiting = new AbortController()
    const sent = Promise.all(Array.from({ length: 5 }, () => send(town, 'enrollments', 'deleted', { sourcedId: 'e2' }))).finally(() => {
      waiting.abort()
    })
    while (!waiting.signal.aborted) {
      const { rows } = await superuser.query(`select 1 from pg_locks where locktype = 'advisory' and not granted and database = (
        select oid from pg_database where datname = current_database())`)
      expect(rows).toEqual([])
    }
    expect(new Set((await sent).map(({ status }) => status))).toEqual(new Set([503]))
    await superuser.query('select pg_advisory_unlock(hashtextextended($1, 0))', [`roster:${town.districtId}`])
  })

  test('a sync and an event that come at once both take effect, the newer of them where they speak of the same', async () => {
    const town = await county.addTown(smallTown)
    const feed = toFeedRows({
      ...smallTown,
      sections: ['math', 'art', 'music'],
      people: [...smallTown.people, { id: 'root', role: 'staff' }],
    })
    const event = toEvent('enrollments', 'deleted', { data: { sourcedId: 'e2' } })
    const [, { status }] = await Promise.all([
      county.room.sync(town.districtId, { rows: feed, at: new Date(Date.now() - 60_000) }),
      sendUntilTaken(town.administrator, town, event),
    ])
    expect(status).toBe(200)
    expect(await reach(town)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
    const { rows } = await county.room.test.superuser.query(`select 1 from sections where district_id = $1 and sourced_id = 'music'`, [
      town.districtId,
    ])
    expect(rows).toHaveLength(1)
  })
})

describe('who may send', () => {
  test('a machine that may write; one that may only read is refused, and of another district nothing is known', async () => {
    const [town, other] = [await county.addTown(smallTown), await county.addTown(smallTown)]
    const event = toEvent('enrollments', 'deleted', { data: { sourcedId: 'e2' } })
    const reader = await town.addMachine(['roster.read'])
    const foreign = await other.addMachine(['roster.read', 'roster.write'])
    const teacher = await town.callAs('ana')
    expect(await reader<Problem>('POST', town.path, event)).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    expect((await teacher('POST', town.path, event)).status).toBe(403)
    const hidden = await foreign<Problem>('POST', town.path, event)
    const absent = await foreign<Problem>('POST', town.path.replace(town.districtId, randomId()), event)
    expect(hidden.status).toBe(404)
    expect(withoutRequestId(hidden.body)).toBe(withoutRequestId(absent.body))
    expect(await reach(town)).toEqual(smallTownReach)
    // The same ids there are other people.
    expect((await foreign('POST', other.path, event)).status).toBe(200)
    expect([await reach(town), await reach(other)]).toEqual([smallTownReach, ['bo>mum about sis', 'bo>sis about sis']])
    expect(await list(town)).toEqual([])
  })

  test('what was sent is listed, newest first, page by page, for machines that may read and administrators', async () => {
    const town = await county.addTown(smallTown)
    for (const sourcedId of ['e1', 'e2', 'e3']) await send(town, 'enrollments', 'deleted', { sourcedId })
    const reader = await town.addMachine(['roster.read'])
    const first = await reader<Page>('GET', `${town.path}?limit=2`)
    const second = await town.administrator<Page>('GET', `${town.path}?limit=2&cursor=${first.body.nextCursor}`)
    expect([...first.body.items, ...second.body.items].map(({ sourcedId }) => sourcedId)).toEqual(['e3', 'e2', 'e1'])
    expect(second.body.nextCursor).toBeNull()
  })
})

describe('what follows', () => {
  test('whoever is deleted is refused at once, and the run is ordered that signs them out, cancels their uploads and tells the other', async () => {
    const town = await county.addTown(smallTown)
    const kid = await town.callAs('kid')
    expect((await kid('GET', '/v1/me')).status).toBe(200)
    await send(town, 'users', 'deleted', { sourcedId: 'kid' })
    expect((await kid('GET', '/v1/me')).status).toBe(401)
    const { rows } = await county.room.test.superuser.query(
      `select workflow_id, workflow_type from outbox where district_id = $1 and workflow_type = 'settleVersion'`,
      [town.districtId],
    )
    expect(rows).toEqual([{ workflow_id: `settle-version:${town.districtId}:2`, workflow_type: 'settleVersion' }])
    const { rows: endings } = await county.room.test.superuser.query(
      'select participant_id from access_endings where district_id = $1 and version = 2',
      [town.districtId],
    )
    expect(endings).toHaveLength(2)
  })

  test('a download under way is cut', async () => {
    const town = await county.addTown(smallTown)
    const [ana, studentId] = [await town.callAs('ana'), await town.idOf('kid')]
    const { body: channel } = await ana<{ id: string }>('POST', '/v1/channels', { studentId })
    const bytes = randomBytes(24 * 1024 * 1024)
    const file = { fileName: 'a.pdf', contentType: 'application/pdf', bytes: bytes.length }
    const { body: made } = await ana<{ attachment: { id: string } }>('POST', `/v1/channels/${channel.id}/attachments`, file)
    await ana('POST', `/v1/channels/${channel.id}/messages`, { text: '', attachmentIds: [made.attachment.id] })
    await release(county.api.deps, county.room.test, { districtId: town.districtId, attachmentId: made.attachment.id, bytes })
    const response = await fetch(`${county.api.url}/v1/attachments/${made.attachment.id}/content`, {
      headers: { Authorization: `Bearer ${await town.tokenOf('kid')}` },
    })
    const reader = present(response.body).getReader()
    let received = (await reader.read()).value?.length ?? 0
    expect(received).toBeGreaterThan(0)
    expect(await send(town, 'enrollments', 'deleted', { sourcedId: 'e2' })).toMatchObject({ body: { outcome: 'applied' } })
    const rest = async (): Promise<void> => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) received += part.value.length
    }
    await expect(rest()).rejects.toThrow()
    expect(received).toBeLessThan(bytes.length)
  })

  test('it is explained: the event is the cause of the version that parted the two', async () => {
    const town = await county.addTown(smallTown)
    const { body } = await send(town, 'enrollments', 'deleted', { sourcedId: 'e2' })
    const [actor, target] = [await town.idOf('ana'), await town.idOf('kid')]
    expect((await town.administrator('GET', `/v1/access/explain?actor=${actor}&target=${target}`)).body).toMatchObject({
      mayConverse: false,
      endedBy: { reason: 'enrollment-removed', origin: { version: 2, cause: 'event', causeId: body.id } },
    })
  })
})
