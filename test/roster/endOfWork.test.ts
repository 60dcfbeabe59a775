import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import { ended, everything, nothing, openCoraTown, unended, withCora, type CoraTown } from '../support/coraTown.ts'
import { crowd, smallTown, withoutMost } from '../support/districtSpecs.ts'
import { openRosterRoom, type FeedRows, type RosterRoom } from '../support/rosterRoom.ts'
import { personRows, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

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

const byFeed =
  (toRows: (spec: DistrictSpec) => FeedRows) =>
  async ({ district, spec }: CoraTown) => {
    expect(await room.sync(district, { rows: toRows(spec) })).toMatchObject({ outcome: 'applied' })
  }
const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

describe('what the district gave to somebody ends for good, with a receipt and the reason, and does not come back with the same id, when', () => {
  test.each<[string, (town: CoraTown) => Promise<void>]>([
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
    const town = await openCoraTown(room, smallTown, 'kid')
    await leave(town)
    expect(await town.standing()).toEqual(nothing)
    expect(await town.evidence()).toEqual(ended)
    await room.sync(town.district, { rows: toFeedRows(town.spec) })
    expect(await town.standing()).toEqual(nothing)
    expect(await town.evidence()).toEqual(ended)
  })
})

test('a role that has ended by its date, while no feed came, brings nothing back when a feed gives it anew', async () => {
  const town = await openCoraTown(room, smallTown, 'kid')
  await room.sync(town.district, { rows: withRole(town.spec, { ends: day(5) }) })
  expect(await town.standing()).toEqual(everything)
  await room.test.superuser.query(`update org_roles set ends = $2 where district_id = $1 and sourced_id = 'r-cora'`, [
    town.district,
    day(-2),
  ])
  expect(await town.standing()).toEqual(nothing)
  await room.sync(town.district, { rows: toFeedRows(town.spec) })
  expect(await town.standing()).toEqual(nothing)
  expect(await town.evidence()).toMatchObject({ changes: ended.changes, acts: ended.acts })
})

test('a student who left and comes back has no service provider until the district names one', async () => {
  const town = await openCoraTown(room, smallTown, 'kid')
  await room.sync(town.district, { rows: toFeedRows(without(town.spec, 'kid')) })
  await room.sync(town.district, { rows: toFeedRows(town.spec) })
  expect(await town.standing()).toEqual({ provides: false, administers: true })
  expect(await town.evidence()).toEqual({ ...ended, acts: [] })
})

test('a role that moves to another school, or to another of the staff’s, ends nothing', async () => {
  const town = await openCoraTown(room, smallTown, 'kid')
  await room.sync(town.district, { rows: withRole(town.spec, { sourcedId: 'r-other', role: 'aide' }) })
  expect(await town.standing()).toEqual(everything)
  expect(await town.evidence()).toEqual(unended)
})

/** A town of which a feed without cora, and without most else, is held by the brake. */
const openHeld = async () => {
  const town = await openCoraTown(room, crowd, 'kid39', { percent: 10, rows: 25 })
  const { syncId } = await room.sync(town.district, { rows: toFeedRows(without(withCora(withoutMost(crowd)), 'cora')) })
  return { ...town, settle: (removals: 'approving' | 'discarding') => town.decide(syncId, removals) }
}

describe('whose removal the brake holds', () => {
  test('may do nothing meanwhile, and all that they could once the removal is discarded', async () => {
    const town = await openHeld()
    expect(await town.standing()).toEqual(nothing)
    expect(await town.evidence()).toEqual(unended)
    expect(await town.settle('discarding')).toMatchObject({ outcome: 'discarded' })
    expect(await town.standing()).toEqual(everything)
  })

  test('has lost it for good once the removal is approved, and comes back with nothing', async () => {
    const town = await openHeld()
    expect(await town.settle('approving')).toMatchObject({ outcome: 'approved' })
    expect(await town.evidence()).toEqual(ended)
    await room.sync(town.district, { rows: toFeedRows(town.spec) })
    expect(await town.standing()).toEqual(nothing)
  })
})
