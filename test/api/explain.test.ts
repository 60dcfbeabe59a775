import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExplanationView } from '../../api/schemas/explanationSchema.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { settleRemovals } from '../../db/roster/settleRemovals.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { createCaller, withoutRequestId, type ApiAnswer } from '../support/callApi.ts'
import { openRosterRoom, type RosterRoom } from '../support/rosterRoom.ts'
import { personRows, seat, section, term, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let room: RosterRoom
let api: RunningApi

beforeAll(async () => {
  room = await openRosterRoom()
  api = await startApi(room.test)
})
afterAll(async () => {
  await api?.close()
  await room?.close()
})

const small: DistrictSpec = {
  people: [
    { id: 'head', role: 'staff' },
    { id: 'ana', role: 'teacher' },
    { id: 'bo', role: 'teacher' },
    { id: 'kid', role: 'student', agents: ['mum', 'dad'] },
    { id: 'mum', role: 'guardian', custody: 'permitted' },
    { id: 'dad', role: 'guardian', custody: 'denied' },
  ],
  sections: ['math'],
  seats: [
    { id: 'e1', user: 'ana', section: 'math', role: 'teacher' },
    { id: 'e2', user: 'kid', section: 'math', role: 'student' },
  ],
}
const withoutSeat = (id: string): DistrictSpec => ({ ...small, seats: small.seats.filter((of) => of.id !== id) })

/** Our ids of the district's people, sections and so on, by the district's. */
const idsOf = async (districtId: string): Promise<Record<string, string>> => {
  const { rows } = await room.test.superuser.query<{ id: string; sourced_id: string }>(
    `select id, sourced_id from users where district_id = $1`,
    [districtId],
  )
  return Object.fromEntries(rows.map(({ id, sourced_id }) => [sourced_id, id]))
}

type District = { districtId: string; ids: Record<string, string>; syncId: string }

const addDistrict = async (spec: DistrictSpec, limits?: { percent: number; rows: number }): Promise<District> => {
  const districtId = await room.addDistrict(limits)
  const { syncId } = await room.sync(districtId, { rows: toFeedRows(spec) })
  const ids = await idsOf(districtId)
  await room.test.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now())`,
    [districtId, newId(), ids['head']],
  )
  return { districtId, ids, syncId }
}

type Asked = { actor: string; target: string; student?: string; at?: string }

/** Asks as somebody; people are named by the district's ids, or by ours. */
const ask = async ({ districtId, ids }: District, as: string, asked: Asked): Promise<ApiAnswer<ExplanationView>> => {
  const { token } = await signIn(api.deps.app, districtId, ids[as] ?? '')
  const named = Object.entries(asked).map(([name, value]) => [name, ids[value] ?? value])
  return createCaller(api.url, token)('GET', `/v1/access/explain?${new URLSearchParams(Object.fromEntries(named)).toString()}`)
}

const explain = async (district: District, asked: Asked): Promise<ExplanationView> => {
  const { status, body } = await ask(district, 'head', asked)
  expect(status).toBe(200)
  return body
}

/** Now, by the database's clock, surely behind whatever was done and before whatever follows. */
const now = async (): Promise<string> => {
  await sleep(5)
  const { rows } = await room.test.superuser.query<{ at: Date }>('select clock_timestamp() as at')
  await sleep(5)
  return new Date(rows[0]?.at ?? 0).toISOString()
}

const reasonsOf = ({ reasons }: ExplanationView): string[] => reasons.map(({ reason }) => reason)
const rowOf = ({ because }: ExplanationView, subject: string, sourcedId?: string) =>
  because.find((row) => row.subject === subject && (sourcedId === undefined || row.sourcedId === sourcedId))

describe('why two may converse', () => {
  test('is told by the rows that connect them, each with the sync, the file and the line that brought it', async () => {
    const district = await addDistrict(small)
    const { ids, syncId } = district
    const view = await explain(district, { actor: 'ana', target: 'mum' })
    expect(view).toMatchObject({
      mayConverse: true,
      rosterVersion: 1,
      channels: [{ teacherId: ids['ana'], participantId: ids['mum'], studentId: ids['kid'], schoolYear: 2031 }],
      reasons: [],
      endedAt: null,
      endedBy: null,
    })
    const origin = { version: 1, cause: 'sync', causeId: syncId, reason: 'in-feed' }
    expect(rowOf(view, 'enrollment', 'e2')).toMatchObject({ since: { ...origin, file: 'enrollments.csv', line: 3 }, until: null })
    expect(rowOf(view, 'guardianship')).toMatchObject({ since: { version: 1, cause: 'sync', causeId: syncId } })
    expect(new Set(view.because.map(({ subject }) => subject))).toEqual(new Set(['user', 'enrollment', 'section', 'term', 'guardianship']))
  })

  test('is the same whoever of the two is asked about first', async () => {
    const district = await addDistrict(small)
    const [one, other] = [
      await explain(district, { actor: 'ana', target: 'kid' }),
      await explain(district, { actor: 'kid', target: 'ana' }),
    ]
    expect(one.channels).toEqual(other.channels)
  })

  test('is about one student when one is named', async () => {
    const district = await addDistrict(small)
    expect((await explain(district, { actor: 'ana', target: 'mum', student: 'kid' })).mayConverse).toBe(true)
    const view = await explain(district, { actor: 'ana', target: 'mum', student: 'bo' })
    expect(view).toMatchObject({ mayConverse: false })
    expect(reasonsOf(view)).toEqual(['no-guardianship'])
  })
})

describe('why two may not converse', () => {
  test('names the removed row, and when, by which sync and by what it was ended', async () => {
    const district = await addDistrict(small)
    const { syncId } = await room.sync(district.districtId, { rows: toFeedRows(withoutSeat('e2')) })
    const view = await explain(district, { actor: 'ana', target: 'kid' })
    expect(view.mayConverse).toBe(false)
    expect(reasonsOf(view)).toEqual(['enrollment-removed'])
    const row = rowOf(view, 'enrollment', 'e2')
    expect(row?.until).toMatchObject({ version: 2, cause: 'sync', causeId: syncId, reason: 'absent-from-bulk' })
    expect(view.endedAt).toBe(row?.until?.at)
    expect(view.endedBy).toMatchObject({ reason: 'enrollment-removed', id: row?.id, origin: { version: 2, causeId: syncId } })
  })

  test('names the event that ended it', async () => {
    const district = await addDistrict(small)
    const removal = { kind: 'removal' as const, sourcedId: 'e2' }
    await room.event(district.districtId, { file: 'enrollments', rows: [removal] })
    const view = await explain(district, { actor: 'kid', target: 'ana' })
    expect(view.endedBy).toMatchObject({ reason: 'enrollment-removed', origin: { cause: 'event', reason: 'to-be-deleted' } })
  })

  test('names a custody that is not confirmed', async () => {
    const district = await addDistrict(small)
    expect(reasonsOf(await explain(district, { actor: 'ana', target: 'dad' }))).toEqual(['custody-denied'])
  })

  test('says so of people whom nothing ever connected', async () => {
    const district = await addDistrict(small)
    expect(reasonsOf(await explain(district, { actor: 'bo', target: 'kid' }))).toEqual(['nothing-in-common'])
    expect(reasonsOf(await explain(district, { actor: 'kid', target: 'kid' }))).toEqual(['same-person'])
  })

  test('says when a day ended it, and that no version did', async () => {
    const seats = small.seats.map((of) => (of.id === 'e2' ? { ...of, begins: '2020-01-01', ends: '2020-06-01' } : of))
    const district = await addDistrict({ ...small, seats })
    const view = await explain(district, { actor: 'ana', target: 'kid' })
    expect(reasonsOf(view)).toEqual(['enrollment-ended'])
    // It came to us after it had ended, so the two never could converse here.
    expect(view.endedAt).toBeNull()
    await room.test.superuser.query(`update roster_versions set at = '2020-02-01' where district_id = $1`, [district.districtId])
    expect(await explain(district, { actor: 'ana', target: 'kid' })).toMatchObject({
      endedAt: '2020-06-01T06:00:00.000Z',
      endedBy: { reason: 'enrollment-ended', origin: null },
    })
  })

  test('says what the brake holds, and that it came back when the district discarded it', async () => {
    const district = await addDistrict(small, { percent: 0, rows: 1 })
    const { districtId } = district
    const { syncId, outcome } = await room.sync(districtId, { rows: toFeedRows(withoutSeat('e2')) })
    expect(outcome).toBe('partly-applied')
    const held = await explain(district, { actor: 'ana', target: 'kid' })
    expect(reasonsOf(held)).toEqual(['suspended'])
    expect(held.endedBy).toMatchObject({ reason: 'suspended', subject: 'enrollment', origin: { cause: 'sync', causeId: syncId } })
    const whileHeld = await now()
    await room.test.superuser.query(`update roster_syncs set removals = 'discarding' where id = $1`, [syncId])
    await withDistrict(room.app, districtId, (tx) => settleRemovals(tx, syncId, toSettlingStart('roster')))
    expect((await explain(district, { actor: 'ana', target: 'kid' })).mayConverse).toBe(true)
    expect(reasonsOf(await explain(district, { actor: 'ana', target: 'kid', at: whileHeld }))).toEqual(['suspended'])
  })
})

describe('a moment that has passed', () => {
  test('before the first roster connected nobody', async () => {
    const before = await now()
    const district = await addDistrict(small)
    const view = await explain(district, { actor: 'ana', target: 'kid', at: before })
    expect(view).toMatchObject({ mayConverse: false, rosterVersion: null, because: [] })
    expect(reasonsOf(view)).toEqual(['no-roster-yet'])
  })

  test('that has not passed is refused, as is what is no moment', async () => {
    const district = await addDistrict(small)
    for (const at of ['2999-01-01T00:00:00Z', 'yesterday', '2020-02-30T00:00:00Z']) {
      const { status } = await ask(district, 'head', { actor: 'ana', target: 'kid', at })
      expect({ at, status }).toEqual({ at, status: 422 })
    }
  })

  const flags = fc.record({
    seats: fc.subarray(['e1', 'e2', 'e3', 'e4', 'e5']),
    isMumThere: fc.boolean(),
    custody: fc.constantFrom('permitted' as const, 'permitted' as const, 'denied' as const),
    isAnaEnabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    isOver: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    terms: fc.constantFrom(['t'], ['t', 'u'], ['u']),
  })

  type Feed = typeof flags extends fc.Arbitrary<infer Value> ? Value : never
  const toSpec = ({ seats, isMumThere, custody, isAnaEnabled }: Feed): DistrictSpec => ({
    people: [
      { id: 'head', role: 'staff' },
      { id: 'ana', role: 'teacher', isEnabled: isAnaEnabled },
      { id: 'bo', role: 'teacher' },
      { id: 'kid', role: 'student', agents: isMumThere ? ['mum'] : [] },
      { id: 'mum', role: 'guardian', custody },
    ],
    sections: ['math', 'art'],
    seats: [
      { id: 'e1', user: 'ana', section: 'math', role: 'teacher' as const },
      { id: 'e2', user: 'kid', section: 'math', role: 'student' as const },
      { id: 'e3', user: 'bo', section: 'art', role: 'teacher' as const },
      { id: 'e4', user: 'kid', section: 'art', role: 'student' as const },
      { id: 'e5', user: 'mum', section: 'art', role: 'teacher' as const },
    ].filter(({ id }) => seats.includes(id)),
  })

  test(
    'is explained as it was: what each of several feeds connected is told of its own time, whatever came after',
    { retry: 0 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(flags, { minLength: 4, maxLength: 5 }), async (feeds) => {
          const districtId = await room.addDistrict()
          const moments: { at: string; reach: string[] }[] = []
          for (const feed of feeds) {
            const rows = {
              ...toFeedRows(toSpec(feed)),
              academicSessions: [term('t', '2000-01-01', feed.isOver ? '2001-01-01' : '2999-01-01'), term('u', '2000-01-01', '2900-01-01')],
              classes: ['math', 'art'].map((id) => section(id, feed.terms)),
            }
            await room.sync(districtId, {
              rows: {
                ...rows,
                enrollments: [...(rows.enrollments ?? []), seat({ id: 'e0', user: 'head', section: 'math', role: 'aide' })],
              },
            })
            moments.push({ at: await now(), reach: await room.reach(districtId) })
          }
          const ids = await idsOf(districtId)
          await room.test.superuser.query(
            `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now())`,
            [districtId, newId(), ids['head']],
          )
          const sourcedIds = new Map(Object.entries(ids).map(([sourcedId, id]) => [id, sourcedId]))
          for (const { at, reach } of moments) {
            const explained = new Set<string>()
            for (const [actor, target] of [
              ['ana', 'kid'],
              ['ana', 'mum'],
              ['bo', 'kid'],
              ['bo', 'mum'],
              ['mum', 'kid'],
            ] as const) {
              const view = await explain({ districtId, ids, syncId: '' }, { actor, target, at })
              for (const channel of view.channels) {
                const [teacher, participant, student] = [channel.teacherId, channel.participantId, channel.studentId].map((id) =>
                  sourcedIds.get(id),
                )
                explained.add(`${teacher}>${participant} about ${student}`)
              }
            }
            expect([...explained].toSorted()).toEqual(reach)
          }
        }),
        { numRuns: 5, endOnFailure: true },
      )
    },
  )
})

const openFor = (district: District, participant: string) =>
  withDistrict(room.app, district.districtId, (tx) =>
    openChannel(tx, {
      teacherId: district.ids['ana'] ?? '',
      participantId: district.ids[participant] ?? '',
      studentId: district.ids['kid'] ?? '',
    }),
  )

describe('who asks', () => {
  test('about others, as no administrator, is answered as if nobody were there', async () => {
    const [district, elsewhere] = [await addDistrict(small), await addDistrict(small)]
    const { body: absent } = await ask(district, 'ana', { actor: 'ana', target: newId() })
    for (const [as, asked] of [
      ['ana', { actor: 'kid', target: 'mum' }],
      ['bo', { actor: 'bo', target: 'kid' }],
      ['ana', { actor: 'ana', target: elsewhere.ids['kid'] ?? '' }],
      ['head', { actor: 'ana', target: elsewhere.ids['kid'] ?? '' }],
      // The one whose custody is denied learns neither who teaches the child, nor that anybody does.
      ['dad', { actor: 'dad', target: 'ana' }],
      ['dad', { actor: 'dad', target: 'bo' }],
      ['ana', { actor: 'ana', target: 'dad' }],
    ] as const) {
      const { status, body } = await ask(district, as, asked)
      expect({ as, asked, status }).toEqual({ as, asked, status: 404 })
      expect(withoutRequestId(body)).toBe(withoutRequestId(absent))
    }
  })

  test('about a moment before custody was denied learns nothing that they did not use then', async () => {
    const district = await addDistrict(small)
    const before = await now()
    expect((await ask(district, 'mum', { actor: 'mum', target: 'ana', at: before })).body.mayConverse).toBe(true)
    const mum = { id: 'mum', role: 'guardian', custody: 'denied' } as const
    await room.event(district.districtId, { file: 'users', rows: personRows(mum).filter(({ kind }) => kind === 'user') })
    expect((await ask(district, 'mum', { actor: 'mum', target: 'ana', at: before })).status).toBe(404)
    expect((await explain(district, { actor: 'mum', target: 'ana', at: before })).mayConverse).toBe(true)
  })

  test('about themselves and somebody whom they may write with, sees the channel and rows of their own', async () => {
    const district = await addDistrict(small)
    const { status, body } = await ask(district, 'mum', { actor: 'mum', target: 'ana' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ mayConverse: true, channels: [{ studentId: district.ids['kid'] }] })
    expect(new Set(body.because.map(({ subject }) => subject))).toEqual(new Set(['user', 'guardianship']))
    expect(rowOf(body, 'user')?.id).toBe(district.ids['mum'])
  })

  test('about a channel that ended learns why if it is their own row, and otherwise that it is another’s', async () => {
    const district = await addDistrict(small)
    await openFor(district, 'mum')
    const mum = { id: 'mum', role: 'guardian', custody: 'denied' } as const
    await room.event(district.districtId, { file: 'users', rows: personRows(mum).filter(({ kind }) => kind === 'user') })
    const toMum = (await ask(district, 'mum', { actor: 'mum', target: 'ana' })).body
    const toTeacher = (await ask(district, 'ana', { actor: 'ana', target: 'mum' })).body
    const toHead = await explain(district, { actor: 'ana', target: 'mum' })
    expect(reasonsOf(toHead)).toContain('custody-denied')
    expect(reasonsOf(toMum)).toContain('custody-denied')
    expect(reasonsOf(toTeacher)).toEqual(['not-yours-to-know'])
    expect(toTeacher).toMatchObject({ mayConverse: false, endedAt: null, endedBy: null })
    expect(JSON.stringify(toTeacher)).not.toContain('custody')
  })

  test('as an administrator about others leaves a row in the log, and about themselves none', async () => {
    const district = await addDistrict(small)
    await explain(district, { actor: 'ana', target: 'mum', student: 'kid' })
    await ask(district, 'head', { actor: 'head', target: 'ana' })
    const { rows } = await room.test.superuser.query(
      `select actor, target_kind, target, details from audit_entries where district_id = $1 and action = 'access.explain'`,
      [district.districtId],
    )
    expect(rows).toEqual([
      {
        actor: district.ids['head'],
        target_kind: 'user',
        target: district.ids['mum'],
        details: { actorId: district.ids['ana'], studentId: district.ids['kid'], at: null },
      },
    ])
  })
})
