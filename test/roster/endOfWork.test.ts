import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { listAdministrators } from '../../db/queries/listAdministrators.ts'
import { connectProvider } from '../../db/roster/connectProvider.ts'
import { settleRemovals } from '../../db/roster/settleRemovals.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { crowd, smallTown, withoutMost } from '../support/districtSpecs.ts'
import { present } from '../support/present.ts'
import { openRosterRoom, type FeedRows, type RosterRoom } from '../support/rosterRoom.ts'
import { personRows, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

/** With `cora`, who administers the district and whom it connects as a service provider with a student, and `root`, who let her. */
const withCora = (spec: DistrictSpec): DistrictSpec => ({
  ...spec,
  people: [...spec.people, { id: 'cora', role: 'staff' }, { id: 'root', role: 'staff' }],
})
const without = (spec: DistrictSpec, gone: string): DistrictSpec => ({
  ...spec,
  people: spec.people.filter(({ id }) => id !== gone),
  seats: spec.seats.filter(({ user }) => user !== gone),
})
const withRole = (spec: DistrictSpec, change: Partial<Extract<RosterRow, { kind: 'role' }>>): FeedRows => {
  const rows = toFeedRows(spec)
  return {
    ...rows,
    roles: rows.roles?.map((row) => (row.kind === 'role' && row.userSourcedId === 'cora' ? { ...row, ...change } : row)) ?? [],
  }
}

type Town = { district: string; spec: DistrictSpec; coraId: string; student: string }

const openTown = async (base: DistrictSpec, student: string, limits?: { percent: number; rows: number }): Promise<Town> => {
  const district = await room.addDistrict(limits)
  const spec = withCora(base)
  await room.sync(district, { rows: toFeedRows(spec) })
  const idOf = async (sourcedId: string): Promise<string> => {
    const found = 'select id from users where district_id = $1 and sourced_id = $2'
    return present((await room.test.superuser.query<{ id: string }>(found, [district, sourcedId])).rows[0]).id
  }
  const [coraId, rootId] = [await idOf('cora'), await idOf('root')]
  await room.test.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $4, now() - interval '1 day')`,
    [district, newId(), coraId, rootId],
  )
  const connection = { providerId: coraId, studentId: await idOf(student), authorId: rootId, ends: '2999-01-01' }
  expect(await withDistrict(room.app, district, (tx) => connectProvider(tx, connection))).toMatchObject({ outcome: 'connected' })
  const town = { district, spec, coraId, student }
  expect(await standingOf(town)).toEqual({ provides: true, administers: true })
  return town
}

/** What cora may do at this moment. */
const standingOf = async ({ district, coraId, student }: Town) => {
  const administrators = await withDistrict(room.app, district, listAdministrators)
  return {
    provides: (await room.reach(district)).includes(`cora>${student} about ${student}`),
    administers: administrators.some(({ userId }) => userId === coraId),
  }
}
const nothing = { provides: false, administers: false }

const evidenceOf = async ({ district }: Town) => {
  const read = async (statement: string) =>
    (await room.test.superuser.query<{ said: string }>(statement, [district])).rows.map(({ said }) => said)
  return {
    changes: await read(
      `select change || ' ' || reason as said from roster_changes where district_id = $1 and subject = 'provider-connection' and change <> 'added'`,
    ),
    acts: await read(`select actor || ': ' || reason as said from audit_entries where district_id = $1 and action = 'grant.end'`),
    receipts: await read(
      `select u.sourced_id as said from access_endings e join users u on u.id = e.teacher_id where e.district_id = $1 and u.sourced_id = 'cora' limit 1`,
    ),
  }
}
const ended = { changes: ['removed person-left'], acts: ['roster: their work for the district ended'], receipts: ['cora'] }

const byFeed =
  (toRows: (spec: DistrictSpec) => FeedRows) =>
  async ({ district, spec }: Town) => {
    expect(await room.sync(district, { rows: toRows(spec) })).toMatchObject({ outcome: 'applied' })
  }
const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

describe('what the district gave to somebody ends for good, with a receipt and the reason, and does not come back with the same id, when', () => {
  test.each<[string, (town: Town) => Promise<void>]>([
    ['a bulk has neither their line nor their role', byFeed((spec) => toFeedRows(without(spec, 'cora')))],
    [
      'a line disables them',
      byFeed((spec) => toFeedRows({ ...spec, people: spec.people.map((one) => (one.id === 'cora' ? { ...one, isEnabled: false } : one)) })),
    ],
    [
      'their last role is gone from the bulk, though their line stays',
      byFeed((spec) => ({ ...toFeedRows(spec), roles: toFeedRows(without(spec, 'cora')).roles ?? [] })),
    ],
    ['their role is a parent’s now', byFeed((spec) => withRole(spec, { role: 'guardian' }))],
    ['a line ends their role, on a day that has passed', byFeed((spec) => withRole(spec, { ends: day(-3) }))],
    [
      'an event removes them',
      async ({ district }) => {
        const rows: RosterRow[] = [{ kind: 'removal', sourcedId: 'cora' }]
        expect(await room.event(district, { file: 'users', rows })).toMatchObject({ outcome: 'applied', endings: 2 })
      },
    ],
    [
      'an event says that they are a parent',
      async ({ district }) => {
        const role: RosterRow = {
          kind: 'role',
          sourcedId: 'r-cora',
          userSourcedId: 'cora',
          orgSourcedId: 's',
          role: 'guardian',
          begins: null,
          ends: null,
        }
        const rows = [...personRows({ id: 'cora', role: 'guardian' }), role]
        expect(await room.event(district, { file: 'users', rows })).toMatchObject({ outcome: 'applied' })
      },
    ],
  ])('%s', async (_, leave) => {
    const town = await openTown(smallTown, 'kid')
    await leave(town)
    expect(await standingOf(town)).toEqual(nothing)
    expect(await evidenceOf(town)).toEqual(ended)
    await room.sync(town.district, { rows: toFeedRows(town.spec) })
    expect(await standingOf(town)).toEqual(nothing)
    expect(await evidenceOf(town)).toEqual(ended)
  })
})

test('a role that has ended by its date, while no feed came, brings nothing back when a feed gives it anew', async () => {
  const town = await openTown(smallTown, 'kid')
  await room.sync(town.district, { rows: withRole(town.spec, { ends: day(5) }) })
  expect(await standingOf(town)).toEqual({ provides: true, administers: true })
  await room.test.superuser.query(`update org_roles set ends = $2 where district_id = $1 and sourced_id = 'r-cora'`, [
    town.district,
    day(-2),
  ])
  expect(await standingOf(town)).toEqual(nothing)
  await room.sync(town.district, { rows: toFeedRows(town.spec) })
  expect(await standingOf(town)).toEqual(nothing)
  expect(await evidenceOf(town)).toMatchObject({ changes: ended.changes, acts: ended.acts })
})

test('a student who left and comes back has no service provider until the district names one', async () => {
  const town = await openTown(smallTown, 'kid')
  await room.sync(town.district, { rows: toFeedRows(without(town.spec, 'kid')) })
  await room.sync(town.district, { rows: toFeedRows(town.spec) })
  expect(await standingOf(town)).toEqual({ provides: false, administers: true })
  expect(await evidenceOf(town)).toEqual({ ...ended, acts: [] })
})

test('a role that moves to another school, or to another of the staff’s, ends nothing', async () => {
  const town = await openTown(smallTown, 'kid')
  await room.sync(town.district, { rows: withRole(town.spec, { sourcedId: 'r-other', role: 'aide' }) })
  expect(await standingOf(town)).toEqual({ provides: true, administers: true })
  expect(await evidenceOf(town)).toEqual({ changes: [], acts: [], receipts: [] })
})

/** A town of which a feed without cora, and without most else, is held by the brake. */
const openHeld = async () => {
  const town = await openTown(crowd, 'kid39', { percent: 10, rows: 25 })
  const { syncId } = await room.sync(town.district, { rows: toFeedRows(without(withCora(withoutMost(crowd)), 'cora')) })
  const decide = async (removals: 'approving' | 'discarding') => {
    await room.test.superuser.query(`update roster_syncs set state = 'partly-applied', removals = $2 where id = $1`, [syncId, removals])
    return withDistrict(room.app, town.district, (tx) => settleRemovals(tx, syncId, toSettlingStart('roster')))
  }
  return { ...town, decide }
}

describe('whose removal the brake holds', () => {
  test('may do nothing meanwhile, and all that they could once the removal is discarded', async () => {
    const town = await openHeld()
    expect(await standingOf(town)).toEqual(nothing)
    expect(await evidenceOf(town)).toEqual({ changes: [], acts: [], receipts: [] })
    expect(await town.decide('discarding')).toMatchObject({ outcome: 'discarded' })
    expect(await standingOf(town)).toEqual({ provides: true, administers: true })
  })

  test('has lost it for good once the removal is approved, and comes back with nothing', async () => {
    const town = await openHeld()
    expect(await town.decide('approving')).toMatchObject({ outcome: 'approved' })
    expect(await evidenceOf(town)).toEqual(ended)
    await room.sync(town.district, { rows: toFeedRows(town.spec) })
    expect(await standingOf(town)).toEqual(nothing)
  })
})
