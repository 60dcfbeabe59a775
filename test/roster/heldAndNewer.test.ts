import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { settleRemovals, type SettledRemovals } from '../../db/roster/settleRemovals.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { openRosterRoom, type RosterRoom } from '../support/rosterRoom.ts'
import { personRows, toFeedRows, type DistrictSpec, type PersonSpec } from '../support/rosterRows.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

const dad: PersonSpec = { id: 'dad', role: 'guardian', custody: 'permitted', agents: ['kid0'] }
const crowd: DistrictSpec = {
  people: [
    { id: 'ana', role: 'teacher' },
    dad,
    ...Array.from({ length: 40 }, (_, index) => ({ id: `kid${index}`, role: 'student' as const })),
  ],
  sections: ['math'],
  seats: [
    { id: 'lead', user: 'ana', section: 'math', role: 'teacher' },
    ...Array.from({ length: 40 }, (_, index) => ({ id: `e${index}`, user: `kid${index}`, section: 'math', role: 'student' as const })),
  ],
}
/** Thirty seats less: the brake holds whatever else goes with them. */
const broken: DistrictSpec = { ...crowd, seats: crowd.seats.slice(0, 11) }
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
