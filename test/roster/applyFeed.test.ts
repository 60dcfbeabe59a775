import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { connectProvider } from '../../db/roster/connectProvider.ts'
import { settleRemovals } from '../../db/roster/settleRemovals.ts'
import type { Grade } from '../../domain/roster/grades.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { present } from '../support/present.ts'
import { openRosterRoom, type RosterRoom } from '../support/rosterRoom.ts'
import { personRows, seat, section, term, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'
import { crowd, smallTown, smallTownReach, withoutMost } from '../support/districtSpecs.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

const without = (spec: DistrictSpec, seatId: string): DistrictSpec => ({ ...spec, seats: spec.seats.filter(({ id }) => id !== seatId) })

const countOf = async (table: string, districtId: string): Promise<number> =>
  Number(
    (await room.test.superuser.query<{ count: string }>(`select count(*) from ${table} where district_id = $1`, [districtId])).rows[0]
      ?.count,
  )

/** The town, all of whose classes have these grades. */
const withGrades = (grades: Grade[]) => ({
  ...toFeedRows(smallTown),
  classes: smallTown.sections.map((id) => section(id, ['t'], grades)),
})

describe('a bulk feed', () => {
  test('connects exactly whom it enrolls, and guardians on whichever side names the other, with custody confirmed', async () => {
    const district = await room.addDistrict()
    expect(await room.sync(district, { rows: toFeedRows(smallTown) })).toMatchObject({ outcome: 'applied', version: 1, endings: 0 })
    expect(await room.reach(district)).toEqual(smallTownReach)
  })

  test('that has no difference writes no row of the roster, and no version', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    const before = await countOf('roster_changes', district)
    expect(await room.sync(district, { rows: toFeedRows(smallTown) })).toMatchObject({ outcome: 'unchanged', version: null, counts: [] })
    expect(await countOf('roster_changes', district)).toBe(before)
    expect(await countOf('roster_versions', district)).toBe(1)
  })

  test('tells the grades of a class, whose change parts nobody and is a change, and forgets them with the column', async () => {
    const district = await room.addDistrict()
    const gradesOf = async (): Promise<unknown[]> =>
      (await room.test.superuser.query('select distinct to_json(grades)::text as grades from sections where district_id = $1', [district]))
        .rows
    expect(await room.sync(district, { rows: withGrades(['KG', '01']) })).toMatchObject({ outcome: 'applied' })
    expect(await gradesOf()).toEqual([{ grades: '["KG","01"]' }])
    expect(await room.sync(district, { rows: withGrades(['KG', '01']) })).toMatchObject({ outcome: 'unchanged' })
    expect(await room.sync(district, { rows: withGrades(['02']) })).toMatchObject({ outcome: 'applied', endings: 0 })
    expect(await gradesOf()).toEqual([{ grades: '["02"]' }])
    await room.event(district, { file: 'classes', rows: smallTown.sections.map((id) => section(id)) })
    expect(await gradesOf()).toEqual([{ grades: '[]' }])
    expect(await room.reach(district)).toEqual(smallTownReach)
  })

  test('ends what it no longer has, with a receipt for each pair that it parts, guardians included', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    expect(await room.sync(district, { rows: toFeedRows(without(smallTown, 'e2')) })).toMatchObject({
      outcome: 'applied',
      version: 2,
      endings: 2,
    })
    expect(await room.reach(district)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
    const { rows } = await room.test.superuser.query(
      `select change, reason, file, line from roster_changes where district_id = $1 and version = 2 and subject = 'enrollment'`,
      [district],
    )
    expect(rows).toEqual([{ change: 'removed', reason: 'absent-from-bulk', file: 'enrollments.csv', line: null }])
  })

  test('parts nobody whom it moves between sections of the same teacher, or whose enrollment it merely calls otherwise', async () => {
    const district = await room.addDistrict()
    const twice = { ...smallTown, seats: [...smallTown.seats, { id: 'e5', user: 'ana', section: 'art', role: 'teacher' as const }] }
    await room.sync(district, { rows: toFeedRows(twice) })
    const moved = {
      ...twice,
      seats: twice.seats.map((of) => (of.id === 'e2' ? { ...of, section: 'art' } : of.id === 'e4' ? { ...of, id: 'other' } : of)),
    }
    expect(await room.sync(district, { rows: toFeedRows(moved) })).toMatchObject({ outcome: 'applied', endings: 0 })
  })

  test('names whoever was a guardian and is none any more, whoever was enabled and is not, and the section whose term is over', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    const people = smallTown.people.map((of) => (of.id === 'mum' ? { ...of, custody: 'denied' as const } : of))
    await room.sync(district, { rows: toFeedRows({ ...smallTown, people }) })
    expect(await room.reach(district)).toEqual(['ana>kid about kid', 'bo>sis about sis'])
    const disabled = smallTown.people.map((of) => (of.id === 'kid' ? { ...of, isEnabled: false } : of))
    expect(await room.sync(district, { rows: toFeedRows({ ...smallTown, people: disabled }) })).toMatchObject({ endings: 1 })
    expect(await room.reach(district)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
    const over = { ...toFeedRows(smallTown), academicSessions: [term('t', '2000-01-01', '2001-01-01')] }
    await room.sync(district, { rows: over })
    expect(await room.reach(district)).toEqual([])
    await room.sync(district, { rows: toFeedRows(smallTown) })
    expect(await room.reach(district)).toEqual(smallTownReach)
  })

  test('takes the sections of a school with it, though it says nothing of sections', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    await room.sync(district, { rows: { orgs: [{ kind: 'removal', sourcedId: 's' }] }, mode: 'delta' })
    expect(await room.reach(district)).toEqual([])
  })

  test('keeps addresses sealed, and finds them by their keyed hash', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    const cipher = await room.districtKeys.forDistrict(district)
    const { rows } = await room.test.superuser.query<{ id: string; email: Buffer }>(
      'select id, email from users where district_id = $1 and email_hash = $2',
      [district, cipher.hashForLookup('kid@example.org')],
    )
    expect(rows.map(({ id, email }) => cipher.openText({ table: 'users', rowId: id, column: 'email' }, email))).toEqual(['kid@example.org'])
  })
})

describe('the newest source wins', () => {
  const early = new Date(Date.now() - 3_600_000)
  const removal = { kind: 'removal', sourcedId: 'e2' } as const

  test('a feed that is older than an event does not bring back what the event removed', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown), at: new Date(early.getTime() - 1_000) })
    expect(await room.event(district, { file: 'enrollments', rows: [removal] })).toMatchObject({ outcome: 'applied', endings: 2 })
    expect(await room.sync(district, { rows: toFeedRows(smallTown), at: early })).toMatchObject({ outcome: 'unchanged' })
    expect(await room.reach(district)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
  })

  test('a feed that is older than an event does not remove what the event added', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(without(smallTown, 'e2')), at: new Date(early.getTime() - 1_000) })
    const added = seat({ id: 'e2', user: 'kid', section: 'math', role: 'student' })
    expect(await room.event(district, { file: 'enrollments', rows: [added] })).toMatchObject({ outcome: 'applied' })
    expect(await room.sync(district, { rows: toFeedRows(without(smallTown, 'e2')), at: early })).toMatchObject({ outcome: 'unchanged' })
    expect(await room.reach(district)).toEqual(smallTownReach)
  })

  test('an event that is older than a bulk changes nothing, and says so; a bulk that is older than a bulk neither', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    expect(await room.event(district, { file: 'enrollments', rows: [removal], at: early })).toMatchObject({ outcome: 'stale' })
    expect(await room.sync(district, { rows: toFeedRows(without(smallTown, 'e2')), at: early })).toMatchObject({ outcome: 'stale' })
    expect(await room.reach(district)).toEqual(smallTownReach)
  })

  test('a removal of what was never seen is remembered: an older feed does not add it', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(without(smallTown, 'e2')), at: new Date(early.getTime() - 1_000) })
    await room.event(district, { file: 'enrollments', rows: [removal] })
    await room.sync(district, { rows: toFeedRows(smallTown), at: early })
    expect(await room.reach(district)).toEqual(['bo>mum about sis', 'bo>sis about sis'])
  })
})

describe('an event', () => {
  test('that refers to what the roster does not have is not applied, and says what it lacks', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    const stray = seat({ id: 'e9', user: 'nobody', section: 'math', role: 'student' })
    expect(await room.event(district, { file: 'enrollments', rows: [stray] })).toEqual({
      outcome: 'unresolved',
      unresolved: [{ file: 'enrollments', line: null, sourcedId: 'e9', column: 'userSourcedId', reference: 'nobody' }],
    })
  })

  test('adds a person, a link and a section, and each takes effect in its own commit', async () => {
    const district = await room.addDistrict()
    await room.sync(district, { rows: toFeedRows(smallTown) })
    await room.event(district, { file: 'classes', rows: [section('music')] })
    const gran = { id: 'gran', role: 'guardian', custody: 'permitted', agents: ['kid'] } as const
    const role = {
      kind: 'role',
      sourcedId: null,
      userSourcedId: 'gran',
      orgSourcedId: 's',
      role: 'guardian',
      begins: null,
      ends: null,
    } as const
    await room.event(district, { file: 'users', rows: [...personRows(gran), role] })
    expect(await room.reach(district)).toContain('ana>gran about kid')
    await room.event(district, { file: 'enrollments', rows: [seat({ id: 'm1', user: 'bo', section: 'music', role: 'teacher' })] })
    await room.event(district, { file: 'enrollments', rows: [seat({ id: 'm2', user: 'kid', section: 'music', role: 'student' })] })
    expect(await room.reach(district)).toContain('bo>gran about kid')
    await room.event(district, { file: 'users', rows: [{ kind: 'removal', sourcedId: 'gran' }] })
    expect((await room.reach(district)).filter((channel) => channel.includes('gran'))).toEqual([])
  })
})

const decide = async (district: string, syncId: string, removals: 'approving' | 'discarding') => {
  await room.test.superuser.query(`update roster_syncs set state = 'partly-applied', removals = $2 where id = $1`, [syncId, removals])
  return withDistrict(room.app, district, (tx) => settleRemovals(tx, syncId, toSettlingStart('roster')))
}

test('an event by which a service provider is staff no more parts them from the student, with a receipt', async () => {
  const district = await room.addDistrict()
  const spec: DistrictSpec = { ...smallTown, people: [...smallTown.people, { id: 'cora', role: 'staff' }, { id: 'root', role: 'staff' }] }
  await room.sync(district, { rows: toFeedRows(spec) })
  const { rows } = await room.test.superuser.query<{ id: string }>(
    `select id from users where district_id = $1 and sourced_id in ('cora', 'kid', 'root') order by sourced_id`,
    [district],
  )
  const [cora, kid, root] = rows.map(({ id }) => id)
  const connection = { providerId: present(cora), studentId: present(kid), authorId: present(root), ends: '2999-01-01' }
  expect(await withDistrict(room.app, district, (tx) => connectProvider(tx, connection))).toMatchObject({ outcome: 'connected' })
  expect(await room.reach(district)).toContain('cora>kid about kid')
  const role = {
    kind: 'role',
    sourcedId: 'r-cora',
    userSourcedId: 'cora',
    orgSourcedId: 's',
    role: 'guardian',
    begins: null,
    ends: null,
  } as const
  const left = await room.event(district, { file: 'users', rows: [...personRows({ id: 'cora', role: 'guardian' }), role] })
  expect(left).toMatchObject({ outcome: 'applied', endings: 2 })
  expect(await room.reach(district)).toEqual(smallTownReach)
})

describe('the brake', () => {
  const broken = withoutMost(crowd)

  test('holds what would go and ends its access all the same, in the same commit', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    const held = await room.sync(district, { rows: toFeedRows(broken) })
    expect(held).toMatchObject({ outcome: 'partly-applied', endings: 30 })
    expect(held.counts).toEqual([expect.objectContaining({ subject: 'enrollment', suspended: 30, removed: 0, active: 41 })])
    expect(await room.reach(district)).toHaveLength(10)
    expect(await countOf('access_endings', district)).toBe(0)
  })

  test('lets go whomever a later feed names again, and nobody else', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    await room.sync(district, { rows: toFeedRows(broken) })
    const better = { ...crowd, seats: crowd.seats.slice(0, 31) }
    expect(await room.sync(district, { rows: toFeedRows(better) })).toMatchObject({ outcome: 'applied' })
    expect(await room.reach(district)).toHaveLength(30)
    expect(await room.sync(district, { rows: toFeedRows(crowd) })).toMatchObject({ outcome: 'applied' })
    expect(await room.reach(district)).toHaveLength(40)
    expect(await countOf('suspensions', district)).toBe(0)
  })

  test('counts what a term, a school or people who go take with them', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    const over = { ...toFeedRows(crowd), academicSessions: [term('t', '2000-01-01', '2001-01-01')] }
    expect(await room.sync(district, { rows: over })).toMatchObject({ outcome: 'partly-applied', endings: 40 })
    expect(await room.reach(district)).toEqual([])
    expect(await room.sync(district, { rows: toFeedRows(crowd) })).toMatchObject({ outcome: 'applied' })
    expect(await room.reach(district)).toHaveLength(40)
  })

  test('gives everything back when its removals are discarded, and nothing but that', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    const before = await room.reach(district)
    const { syncId } = await room.sync(district, { rows: toFeedRows(broken) })
    await room.event(district, { file: 'enrollments', rows: [{ kind: 'removal', sourcedId: 'e0' }] })
    expect(await decide(district, syncId, 'discarding')).toMatchObject({ outcome: 'discarded', endings: 0 })
    expect(await room.reach(district)).toEqual(before.filter((channel) => !channel.endsWith('kid0')))
    expect(await decide(district, syncId, 'discarding')).toMatchObject({ outcome: 'discarded' })
  })

  test('ends for good what is approved, with the receipts that waited', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    const { syncId } = await room.sync(district, { rows: toFeedRows(broken) })
    expect(await decide(district, syncId, 'approving')).toMatchObject({ outcome: 'approved', version: 3, endings: 30 })
    expect(await room.reach(district)).toHaveLength(10)
    expect(await countOf('access_endings', district)).toBe(30)
    expect(await countOf('suspensions', district)).toBe(0)
    expect(await room.sync(district, { rows: toFeedRows(broken) })).toMatchObject({ outcome: 'unchanged' })
  })

  test('leaves what one sync holds to that sync: the same feed again holds nothing more', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    const { syncId } = await room.sync(district, { rows: toFeedRows(broken) })
    expect(await room.sync(district, { rows: toFeedRows(broken) })).toMatchObject({ outcome: 'unchanged' })
    await decide(district, syncId, 'discarding')
    expect(await room.reach(district)).toHaveLength(40)
  })

  test.each([
    ['a term that is over', { academicSessions: [term('t', '2000-01-01', '2001-01-01')] }],
    ['people who are disabled', { users: crowd.people.flatMap((of) => personRows({ ...of, isEnabled: false })) }],
    ['enrollments that are over', { enrollments: crowd.seats.map((of) => seat({ ...of, ends: '2001-01-01' })) }],
  ])('leaves %s to the sync that held it, and everything is back when that is discarded', async (_what, worse) => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    const bad = { ...toFeedRows(crowd), ...worse }
    const { syncId, outcome } = await room.sync(district, { rows: bad })
    expect(outcome).toBe('partly-applied')
    await room.sync(district, { rows: bad })
    expect(await room.reach(district)).toEqual([])
    await decide(district, syncId, 'discarding')
    expect(await room.reach(district)).toHaveLength(40)
  })

  test('keeps families together whose links and roles a broken feed forgot twice, once that is discarded', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 1 })
    await room.sync(district, { rows: toFeedRows(smallTown) })
    const forgot = { ...toFeedRows({ ...smallTown, people: smallTown.people.map(({ agents: _agents, ...of }) => of) }) }
    const { syncId } = await room.sync(district, { rows: forgot })
    await room.sync(district, { rows: forgot })
    expect(await room.reach(district)).toEqual(['ana>kid about kid', 'bo>sis about sis'])
    await decide(district, syncId, 'discarding')
    expect(await room.reach(district)).toEqual(smallTownReach)
    // A line that touches one of them makes nothing else of the pair.
    const role = {
      kind: 'role',
      sourcedId: 'r-mum',
      userSourcedId: 'mum',
      orgSourcedId: 's',
      role: 'guardian',
      begins: null,
      ends: null,
    } as const
    await room.sync(district, { rows: { roles: [{ ...role, orgSourcedId: 's', begins: '2001-01-01' }] }, mode: 'delta' })
    expect(await room.reach(district)).toEqual(smallTownReach)
  })

  test('lets an ordinary day pass', async () => {
    const district = await room.addDistrict({ percent: 10, rows: 25 })
    await room.sync(district, { rows: toFeedRows(crowd) })
    const fewer = { ...crowd, seats: crowd.seats.slice(0, 20) }
    expect(await room.sync(district, { rows: toFeedRows(fewer) })).toMatchObject({ outcome: 'applied', endings: 21 })
  })
})
