import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { settleRemovals, type SettledRemovals } from '../../db/roster/settleRemovals.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { openRosterRoom, type RosterRoom } from '../support/rosterRoom.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import { personRows, section, term, toFeedRows, type DistrictSpec, type PersonSpec } from '../support/rosterRows.ts'
import { crowd as plainCrowd, withoutMost } from '../support/districtSpecs.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

const dad: PersonSpec = { id: 'dad', role: 'guardian', custody: 'permitted', agents: ['kid0'] }
const crowd: DistrictSpec = { ...plainCrowd, people: [...plainCrowd.people, dad] }
const broken = withoutMost(crowd)
const withDad = (spec: DistrictSpec, as: Partial<PersonSpec>): DistrictSpec => ({
  ...spec,
  people: spec.people.map((person) => (person.id === 'dad' ? { ...person, ...as } : person)),
})
const dadsChannel = 'ana>dad about kid0'

const decide = async (district: string, syncId: string, decision: 'approving' | 'discarding'): Promise<SettledRemovals> => {
  await room.test.superuser.query(`update roster_syncs set state = 'partly-applied', removals = $2 where id = $1`, [syncId, decision])
  return withDistrict(room.app, district, (tx) => settleRemovals(tx, syncId, toSettlingStart('roster')))
}

const openCrowd = async (): Promise<string> => {
  const district = await room.addDistrict({ percent: 10, rows: 25 })
  await room.sync(district, { rows: toFeedRows(crowd) })
  return district
}

describe('a guardian who loses custody in a feed that the brake holds', () => {
  const denied = withDad(broken, { custody: 'denied' })

  test('does not come back by the same feed of the next night', async () => {
    const district = await openCrowd()
    expect(await room.reach(district)).toContain(dadsChannel)
    expect(await room.sync(district, { rows: toFeedRows(denied) })).toMatchObject({ outcome: 'partly-applied' })
    expect(await room.reach(district)).not.toContain(dadsChannel)
    await room.sync(district, { rows: toFeedRows(denied) })
    expect(await room.reach(district)).not.toContain(dadsChannel)
  })

  test('does not come back by an event that says the same', async () => {
    const district = await openCrowd()
    await room.sync(district, { rows: toFeedRows(denied) })
    await room.event(district, { file: 'users', rows: personRows({ ...dad, custody: 'denied' }) })
    expect(await room.reach(district)).not.toContain(dadsChannel)
  })

  test('goes with the next feed that says so, when the removals are discarded', async () => {
    const district = await openCrowd()
    const { syncId } = await room.sync(district, { rows: toFeedRows(denied) })
    await decide(district, syncId, 'discarding')
    await room.sync(district, { rows: toFeedRows(withDad(crowd, { custody: 'denied' })) })
    expect(await room.reach(district)).not.toContain(dadsChannel)
  })
})

test('an event that ends a link which the brake holds outlives the discarding of what it holds', async () => {
  const district = await openCrowd()
  const { syncId } = await room.sync(district, { rows: toFeedRows(withDad(broken, { agents: [] })) })
  expect(await room.reach(district)).not.toContain(dadsChannel)
  await room.event(district, { file: 'users', rows: personRows({ ...dad, agents: [] }) })
  await decide(district, syncId, 'discarding')
  expect(await room.reach(district)).not.toContain(dadsChannel)
})

test('sections that a broken feed moves into a term that is over come back when that is discarded', async () => {
  const district = await room.addDistrict({ percent: 10, rows: 25 })
  const rows = { ...toFeedRows(crowd), academicSessions: [term('t'), term('old', '2000-01-01', '2001-01-01')] }
  await room.sync(district, { rows })
  const before = await room.reach(district)
  const held = await room.sync(district, { rows: { ...rows, classes: [section('math', ['old'])] } })
  expect(held).toMatchObject({ outcome: 'partly-applied' })
  expect(await room.reach(district)).toEqual([])
  await decide(district, held.syncId, 'discarding')
  expect(await room.reach(district)).toEqual(before)
})

test('what is approved leaves a receipt for each pair that it parts, though the same feed came again meanwhile', async () => {
  const district = await openCrowd()
  const reach = await room.reach(district)
  const over = { ...toFeedRows(crowd), academicSessions: [term('t', '2000-01-01', '2001-01-01')] }
  const { syncId } = await room.sync(district, { rows: over })
  await room.sync(district, { rows: over })
  expect(await room.reach(district)).toEqual([])
  expect(await decide(district, syncId, 'approving')).toMatchObject({ outcome: 'approved', endings: reach.length })
})

const remove = (district: string, enrollments: RosterRow[]) => room.sync(district, { rows: { enrollments }, mode: 'delta' })

describe('a delta that removes by name what the brake holds', () => {
  const lost: RosterRow[] = crowd.seats.slice(11).map(({ id }) => ({ kind: 'removal', sourcedId: id }))

  test('is held like the first one when it removes as many again, and all is back when both are discarded', async () => {
    const district = await openCrowd()
    const before = await room.reach(district)
    const [first, second] = [await remove(district, lost), await remove(district, lost)]
    expect([first.outcome, second.outcome]).toEqual(['partly-applied', 'partly-applied'])
    const held = await room.reach(district)
    expect(await decide(district, first.syncId, 'discarding')).toMatchObject({ outcome: 'discarded' })
    expect(await room.reach(district)).toEqual(held)
    expect(await decide(district, second.syncId, 'discarding')).toMatchObject({ outcome: 'discarded' })
    expect(await room.reach(district)).toEqual(before)
  })

  test('means it when it removes one: that one does not come back', async () => {
    const district = await openCrowd()
    const before = await room.reach(district)
    const { syncId } = await remove(district, lost)
    expect(await remove(district, lost.slice(0, 1))).toMatchObject({ outcome: 'applied' })
    await decide(district, syncId, 'discarding')
    expect(await room.reach(district)).toEqual(before.filter((channel) => !channel.includes('kid10')))
  })
})

test('a section of a coming term is not held for being changed', async () => {
  const district = await room.addDistrict({ percent: 10, rows: 25 })
  const rows = { ...toFeedRows(crowd), academicSessions: [term('t', '2998-01-01', '2999-01-01')] }
  await room.sync(district, { rows })
  const renamed = [{ ...section('math'), title: 'Mathematics' } as ReturnType<typeof section>]
  expect(await room.sync(district, { rows: { ...rows, classes: renamed } })).toMatchObject({ outcome: 'applied' })
})

test('what somebody becomes in a feed that the brake holds is known at once, unless their work would end by it, and ends nobody whom it holds', async () => {
  const district = await openCrowd()
  const before = await room.reach(district)
  const people = crowd.people.map((person) =>
    person.id === 'ana' ? { ...person, role: 'guardian' as const } : { ...person, role: 'staff' as const, isEnabled: person.id === 'dad' },
  )
  const { syncId, outcome } = await room.sync(district, { rows: toFeedRows({ ...crowd, people }) })
  expect(outcome).toBe('partly-applied')
  await room.sync(district, { rows: toFeedRows({ ...crowd, people }) })
  const { rows } = await room.test.superuser.query(
    `select sourced_id as id, role, is_active as "isActive" from users where district_id = $1 and sourced_id in ('ana', 'kid1') order by 1`,
    [district],
  )
  expect(rows).toEqual([
    { id: 'ana', role: 'teacher', isActive: true },
    { id: 'kid1', role: 'staff', isActive: true },
  ])
  await decide(district, syncId, 'discarding')
  expect(await room.reach(district)).toEqual(before)
})

test('what an event told of the custody of two is as before when a broken feed that says nothing of it is discarded', async () => {
  const district = await room.addDistrict({ percent: 10, rows: 25 })
  await room.test.superuser.query(`update districts set custody_column = 'metadata.custody' where id = $1`, [district])
  await room.sync(district, { rows: toFeedRows(withDad(crowd, { custody: 'unknown' })) })
  const pair = { sourcedId: 'kid0 dad', studentSourcedId: 'kid0', guardianSourcedId: 'dad', custody: 'permitted' } as const
  await room.event(district, { file: 'guardianships', rows: [{ kind: 'guardianship', ...pair }] })
  expect(await room.reach(district)).toContain(dadsChannel)
  const { outcome, syncId } = await room.sync(district, { rows: toFeedRows(withDad(broken, { custody: 'unknown' })) })
  expect(outcome).toBe('partly-applied')
  expect(await room.reach(district)).not.toContain(dadsChannel)
  await decide(district, syncId, 'discarding')
  const kid = { id: 'kid0', role: 'student', agents: ['dad'] } as const
  const standing = {
    kind: 'role',
    sourcedId: 'r-kid0',
    userSourcedId: 'kid0',
    orgSourcedId: 's',
    role: 'student',
    begins: null,
    ends: null,
  } as const
  await room.event(district, { file: 'users', rows: [...personRows(kid), standing] })
  expect(await room.reach(district)).toContain(dadsChannel)
})
