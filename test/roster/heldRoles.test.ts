import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadExplanation } from '../../api/explain/loadExplanation.ts'
import { readDistrict } from '../../db/openDatabase.ts'
import { findReachMoment } from '../../db/queries/findReachMoment.ts'
import { listHeldRemovals } from '../../db/queries/listHeldRemovals.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import { ended, everything, nothing, openCoraTown, unended, type CoraTown } from '../support/coraTown.ts'
import { crowd, smallTown, withoutMost } from '../support/districtSpecs.ts'
import { openRosterRoom, type FeedRows, type RosterRoom } from '../support/rosterRoom.ts'
import { personRows, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

type Role = Extract<RosterRow, { kind: 'role' }>
const rolesOf = (spec: DistrictSpec): Role[] => (toFeedRows(spec).roles ?? []).filter((row) => row.kind === 'role')
const withRoles = (spec: DistrictSpec, roles: readonly RosterRow[]): FeedRows => ({ ...toFeedRows(spec), roles })
const withoutRolesOf = (spec: DistrictSpec, ...gone: string[]): FeedRows =>
  withRoles(
    spec,
    rolesOf(spec).filter(({ userSourcedId }) => !gone.includes(userSourcedId)),
  )

/** The same district as OneRoster 1.1 tells of it: what people are stands on their own lines. `told` is what of it a feed says. */
const onUsers = (spec: DistrictSpec, told: (role: Role) => boolean = () => true): FeedRows => {
  const { roles: _, ...rows } = toFeedRows(spec)
  const roles = rolesOf(spec).map((role) => ({ ...role, sourcedId: `${role.userSourcedId}:${role.orgSourcedId}` }))
  return { ...rows, users: [...(rows.users ?? []), ...roles.filter(told)] }
}

/** What is written of people and their roles, but for ids. */
const readRoles = async ({ district }: CoraTown): Promise<string[]> => {
  const { rows } = await room.test.superuser.query<{ said: string }>(
    `select u.sourced_id || ' ' || u.role || ' ' || coalesce(r.sourced_id || ' ' || r.role, 'none') as said
     from users u left join org_roles r on r.district_id = u.district_id and r.user_id = u.id where u.district_id = $1 order by 1`,
    [district],
  )
  return rows.map(({ said }) => said)
}

const explain = async ({ district, idOf }: CoraTown, student: string, at?: string) => {
  const question = { actorId: await idOf('cora'), targetId: await idOf(student) }
  return readDistrict(room.app, district, async (tx) => {
    const moment = await findReachMoment(tx, at)
    const { view } = await loadExplanation(tx, question, moment, at === undefined)
    return { mayConverse: view.mayConverse, reasons: view.reasons.map(({ reason }) => reason) }
  })
}
const clock = async (): Promise<string> => {
  const { rows } = await room.test.superuser.query<{ at: Date }>('select clock_timestamp() as at')
  return (rows[0]?.at ?? new Date()).toISOString()
}

const ofCrowd = { percent: 10, rows: 25 }
/** Half of roles.csv is lost, cora's line with it, and nothing else is. */
const halfLost = (spec: DistrictSpec): FeedRows => withRoles(spec, rolesOf(spec).slice(0, 15))

const openHalfLost = async () => {
  const town = await openCoraTown(room, crowd, 'kid39', ofCrowd)
  const before = { roles: await readRoles(town), reach: await room.reach(town.district), at: await clock() }
  const { syncId, ...applied } = await room.sync(town.district, { rows: halfLost(town.spec) })
  expect(applied).toMatchObject({
    outcome: 'partly-applied',
    counts: expect.arrayContaining([expect.objectContaining({ subject: 'org-role', suspended: 28, active: 43 })]),
  })
  return { town, before, syncId }
}

describe('half of roles.csv lost trips the brake, and whose role is held', () => {
  test('has no permission and no student from that commit on, while nobody who teaches loses anybody; it says why, then and now', async () => {
    const { town, before } = await openHalfLost()
    expect(await town.standing()).toEqual(nothing)
    expect(await town.evidence()).toEqual(unended)
    expect(await room.reach(town.district)).toEqual(before.reach.filter((channel) => !channel.startsWith('cora>')))
    expect(await explain(town, 'kid39')).toEqual({ mayConverse: false, reasons: ['work-suspended'] })
    expect(await explain(town, 'kid39', before.at)).toEqual({ mayConverse: true, reasons: [] })
  })

  test('has all of it again once the removal is discarded, the roles as they were, and what was held in between is told', async () => {
    const { town, before, syncId } = await openHalfLost()
    const held = await clock()
    expect(await town.decide(syncId, 'discarding')).toMatchObject({ outcome: 'discarded' })
    expect(await town.standing()).toEqual(everything)
    expect(await town.evidence()).toEqual(unended)
    expect(await readRoles(town)).toEqual(before.roles)
    expect(await explain(town, 'kid39', held)).toEqual({ mayConverse: false, reasons: ['work-suspended'] })
    expect(await explain(town, 'kid39')).toEqual({ mayConverse: true, reasons: [] })
    expect(await room.sync(town.district, { rows: toFeedRows(town.spec) })).toMatchObject({ outcome: 'unchanged' })
  })

  test('has lost it for good once the removal is approved, with a receipt, and a feed that gives the role back gives back nothing else', async () => {
    const { town, syncId } = await openHalfLost()
    expect(await town.decide(syncId, 'approving')).toMatchObject({ outcome: 'approved' })
    expect(await town.evidence()).toEqual(ended)
    expect(await readRoles(town)).toContain('cora staff none')
    expect(await explain(town, 'kid39')).toMatchObject({ mayConverse: false })
    expect(await room.sync(town.district, { rows: halfLost(town.spec) })).toMatchObject({ outcome: 'unchanged' })
    await room.sync(town.district, { rows: toFeedRows(town.spec) })
    expect(await town.standing()).toEqual(nothing)
    expect(await town.evidence()).toEqual(ended)
  })

  test('is among those who are shown to whoever decides', async () => {
    const { town, syncId } = await openHalfLost()
    const items = await readDistrict(room.app, town.district, (tx) => listHeldRemovals(tx, { syncId, limit: 100 }))
    expect(items).toContainEqual(
      expect.objectContaining({ subject: 'org-role', person: expect.objectContaining({ givenName: 'Given cora' }) }),
    )
    expect(items).toHaveLength(28)
  })

  test('stays held by a feed that says the same, and has all of it again by one that names the role, after which nobody is asked', async () => {
    const { town, syncId } = await openHalfLost()
    await room.test.superuser.query(`update roster_syncs set state = 'partly-applied', removals = 'waiting' where id = $1`, [syncId])
    expect(await room.sync(town.district, { rows: halfLost(town.spec) })).toMatchObject({ outcome: 'unchanged' })
    expect(await town.standing()).toEqual(nothing)
    expect(await room.sync(town.district, { rows: toFeedRows(town.spec) })).toMatchObject({ outcome: 'applied' })
    expect(await town.standing()).toEqual(everything)
    expect(await town.evidence()).toEqual(unended)
    expect(await explain(town, 'kid39')).toEqual({ mayConverse: true, reasons: [] })
    const { rows } = await room.test.superuser.query(`select removals from roster_syncs where id = $1`, [syncId])
    expect(rows).toEqual([{ removals: 'lifted' }])
  })

  test.each<[string, Role['role'], object, object]>([
    ['has all of it again when an event names the role', 'staff', everything, unended],
    ['has lost it for good when an event says that they are a parent', 'guardian', nothing, ended],
  ])('%s', async (_, role, standing, evidence) => {
    const { town } = await openHalfLost()
    const said: Role = { kind: 'role', sourcedId: 'cora:s', userSourcedId: 'cora', orgSourcedId: 's', role, begins: null, ends: null }
    const rows = [...personRows({ id: 'cora', role }), said]
    expect(await room.event(town.district, { file: 'users', rows })).toMatchObject({ outcome: 'applied' })
    expect(await town.standing()).toEqual(standing)
    expect(await town.evidence()).toEqual(evidence)
  })
})

test('a role that goes while the brake trips for another reason is held, and so is one that a feed names no more while its person is held', async () => {
  const town = await openCoraTown(room, crowd, 'kid39', ofCrowd)
  const { syncId } = await room.sync(town.district, {
    rows: { ...withoutRolesOf(town.spec, 'cora'), enrollments: toFeedRows(withoutMost(town.spec)).enrollments ?? [] },
  })
  expect(await town.standing()).toEqual(nothing)
  // All seats are back, and the role is not.
  await room.sync(town.district, { rows: withoutRolesOf(town.spec, 'cora') })
  expect(await town.standing()).toEqual(nothing)
  expect(await town.evidence()).toEqual(unended)
  expect(await town.decide(syncId, 'discarding')).toMatchObject({ outcome: 'discarded' })
  expect(await town.standing()).toEqual(everything)
})

test('whose line and role are both held works no more when a feed names the person again and not the role', async () => {
  const town = await openCoraTown(room, crowd, 'kid39', ofCrowd)
  const gone = { ...town.spec, people: town.spec.people.filter(({ id }) => id !== 'cora') }
  await room.sync(town.district, { rows: toFeedRows(withoutMost(gone)) })
  await room.sync(town.district, { rows: withoutRolesOf(town.spec, 'cora') })
  expect(await town.standing()).toEqual(nothing)
  await room.sync(town.district, { rows: toFeedRows(town.spec) })
  expect(await town.standing()).toEqual(everything)
})

test('the staff’s role of somebody whose child’s guardian is held ends all the same when a later feed has it no more', async () => {
  const family: DistrictSpec = { ...crowd, people: crowd.people.map((one) => (one.id === 'kid0' ? { ...one, agents: ['cora'] } : one)) }
  const town = await openCoraTown(room, family, 'kid39', ofCrowd)
  const parent: Role = {
    kind: 'role',
    sourcedId: 'r-parent',
    userSourcedId: 'cora',
    orgSourcedId: 's',
    role: 'guardian',
    begins: null,
    ends: null,
  }
  const both = withRoles(town.spec, [...rolesOf(town.spec), parent])
  await room.sync(town.district, { rows: both })
  const unlinked = { ...town.spec, people: town.spec.people.map((one) => ({ ...one, agents: [] })) }
  await room.sync(town.district, {
    rows: { ...both, users: toFeedRows(unlinked).users ?? [], enrollments: toFeedRows(withoutMost(town.spec)).enrollments ?? [] },
  })
  expect(await town.standing()).toEqual(everything)
  await room.sync(town.district, {
    rows: withRoles(unlinked, [...rolesOf(town.spec).filter(({ userSourcedId }) => userSourcedId !== 'cora'), parent]),
  })
  expect(await town.standing()).toEqual(nothing)
})

const isOther = ({ userSourcedId }: Role): boolean => !['cora', 'root'].includes(userSourcedId)

describe('the brake counts the staff’s roles for themselves, so that it trips when', () => {
  const few = { percent: 50, rows: 2 }
  test.each<[string, '1.1' | '1.2', (spec: DistrictSpec) => FeedRows]>([
    ['most of the staff have none any more, though they are few among everybody', '1.2', (spec) => withoutRolesOf(spec, 'cora', 'root')],
    [
      'most of the staff are parents by the lines of their roles',
      '1.2',
      (spec) =>
        withRoles(
          spec,
          rolesOf(spec).map((role) => (isOther(role) ? role : { ...role, role: 'guardian' })),
        ),
    ],
    [
      'the roles of most of the staff have a last day that has passed',
      '1.2',
      (spec) =>
        withRoles(
          spec,
          rolesOf(spec).map((role) => (isOther(role) ? role : { ...role, ends: '2001-01-01' })),
        ),
    ],
    [
      'a line of most of the staff’s roles says tobedeleted',
      '1.2',
      (spec) =>
        withRoles(
          spec,
          rolesOf(spec).map((role) => (isOther(role) ? role : { kind: 'removal', sourcedId: `r-${role.userSourcedId}` })),
        ),
    ],
    ['people’s own lines of OneRoster 1.1 say nothing of most of the staff', '1.1', (spec) => onUsers(spec, isOther)],
  ])(
    '%s: who is meant may do nothing, though the same feed comes again, and all again when it is discarded',
    async (_, version, toRows) => {
      const town = await openCoraTown(room, crowd, 'kid39', few)
      if (version === '1.1') await room.sync(town.district, { rows: onUsers(town.spec), version })
      const roles = await readRoles(town)
      const { syncId, outcome } = await room.sync(town.district, { rows: toRows(town.spec), version })
      expect(outcome).toBe('partly-applied')
      expect(await room.sync(town.district, { rows: toRows(town.spec), version })).toMatchObject({ outcome: 'unchanged' })
      expect(await town.standing()).toEqual(nothing)
      expect(await town.evidence()).toEqual(unended)
      expect(await town.decide(syncId, 'discarding')).toMatchObject({ outcome: 'discarded' })
      expect(await town.standing()).toEqual(everything)
      expect(await readRoles(town)).toEqual(roles)
    },
  )
})

test('a feed of OneRoster 1.1 after one of 1.2, and back, ends nothing and trips no brake, and neither do new ids of all roles', async () => {
  const town = await openCoraTown(room, smallTown, 'kid', { percent: 10, rows: 2 })
  const renamed = rolesOf(town.spec).map((role) => ({ ...role, sourcedId: `new-${role.sourcedId}` }))
  const reach = await room.reach(town.district)
  for (const { rows, version } of [
    { rows: onUsers(town.spec), version: '1.1' },
    { rows: toFeedRows(town.spec), version: '1.2' },
    { rows: withRoles(town.spec, renamed), version: '1.2' },
    { rows: onUsers(town.spec), version: '1.1' },
  ] as const) {
    expect(await room.sync(town.district, { rows, version })).toMatchObject({ outcome: 'unchanged' })
    expect(await town.standing()).toEqual(everything)
    expect(await room.reach(town.district)).toEqual(reach)
  }
  expect(await town.evidence()).toEqual(unended)
})

test('lines that remove what the brake holds end it no more than its absence does when the same bulk comes again', async () => {
  const town = await openCoraTown(room, crowd, 'kid39', ofCrowd)
  const rows = toFeedRows(town.spec)
  const removed = (file: 'users' | 'enrollments'): RosterRow[] =>
    (rows[file] ?? []).map((row, index) =>
      index > 11 && 'sourcedId' in row && row.sourcedId !== null ? { kind: 'removal', sourcedId: row.sourcedId } : row,
    )
  const broken = { ...rows, users: removed('users'), enrollments: removed('enrollments') }
  const reach = await room.reach(town.district)
  const { syncId, outcome } = await room.sync(town.district, { rows: broken })
  expect(outcome).toBe('partly-applied')
  expect(await room.sync(town.district, { rows: broken })).toMatchObject({ outcome: 'unchanged' })
  expect(await town.decide(syncId, 'discarding')).toMatchObject({ outcome: 'discarded' })
  expect(await room.reach(town.district)).toEqual(reach)
  expect(await town.standing()).toEqual(everything)
})

test('a line of a delta that removes a role which the brake holds ends it for good, unless there are as many again', async () => {
  const town = await openCoraTown(room, crowd, 'kid39', ofCrowd)
  const lost: RosterRow[] = rolesOf(town.spec)
    .slice(15)
    .map(({ userSourcedId }) => ({ kind: 'removal', sourcedId: `r-${userSourcedId}` }))
  const first = await room.sync(town.district, { rows: { roles: lost }, mode: 'delta' })
  const second = await room.sync(town.district, { rows: { roles: lost }, mode: 'delta' })
  expect([first.outcome, second.outcome]).toEqual(['partly-applied', 'partly-applied'])
  await town.decide(first.syncId, 'discarding')
  expect(await town.standing()).toEqual(nothing)
  expect(await town.evidence()).toEqual(unended)
  const corasOwn: RosterRow = { kind: 'removal', sourcedId: 'r-cora' }
  expect(await room.sync(town.district, { rows: { roles: [corasOwn] }, mode: 'delta' })).toMatchObject({ outcome: 'applied' })
  expect(await town.evidence()).toEqual(ended)
})
