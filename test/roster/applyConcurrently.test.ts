import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRosterRows } from '../support/readRosterRows.ts'
import { openRosterRoom, type RosterRoom } from '../support/rosterRoom.ts'
import { seat, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

const taughtIn = (section: string, enrollment: string): DistrictSpec => ({
  people: [
    { id: 'ana', role: 'teacher' },
    { id: 'kid', role: 'student', agents: ['mum'] },
    { id: 'mum', role: 'guardian', custody: 'permitted' },
  ],
  sections: ['math', 'art'],
  seats: [
    { id: 't1', user: 'ana', section: 'math', role: 'teacher' },
    { id: 't2', user: 'ana', section: 'art', role: 'teacher' },
    { id: enrollment, user: 'kid', section, role: 'student' },
  ],
})
const kept = ['ana>kid about kid', 'ana>mum about kid']

/** Reads as long as `work` takes, and answers everything that was read. */
const readDuring = async (districtId: string, work: () => Promise<void>): Promise<string[][]> => {
  const over = { is: false }
  const read = async (): Promise<string[][]> => {
    const seen: string[][] = []
    while (!over.is) seen.push(await room.reach(districtId))
    return seen
  }
  const reading = Promise.all([read(), read(), read()])
  await work().finally(() => {
    over.is = true
  })
  return (await reading).flat()
}

test('nobody who moves between sections of one teacher, or whose enrollment gets another id, is parted for a moment', async () => {
  const district = await room.addDistrict()
  await room.sync(district, { rows: toFeedRows(taughtIn('math', 'e1')) })
  const seen = await readDuring(district, async () => {
    for (let round = 0; round < 6; round += 1) {
      await room.sync(district, { rows: toFeedRows(taughtIn(round % 2 === 0 ? 'art' : 'math', 'e1')) })
      await room.sync(district, { rows: toFeedRows(taughtIn(round % 2 === 0 ? 'art' : 'math', `f${round}`)) })
      await room.event(district, {
        file: 'enrollments',
        rows: [seat({ id: `f${round}`, user: 'kid', section: round % 2 === 0 ? 'math' : 'art', role: 'student' })],
      })
    }
  })
  expect(seen.length).toBeGreaterThan(20)
  expect(seen.filter((channels) => channels.join() !== kept.join())).toEqual([])
})

test('once an event has ended a relation nobody reads it again, however many feeds of before are still to come', async () => {
  const district = await room.addDistrict()
  const early = new Date(Date.now() - 60_000)
  await room.sync(district, { rows: toFeedRows(taughtIn('math', 'e1')), at: early })
  await room.event(district, { file: 'enrollments', rows: [{ kind: 'removal', sourcedId: 'e1' }] })
  const seen = await readDuring(district, async () => {
    for (let round = 1; round < 6; round += 1)
      await room.sync(district, { rows: toFeedRows(taughtIn('math', 'e1')), at: new Date(early.getTime() + round * 1_000) })
  })
  expect(seen.filter((channels) => channels.length > 0)).toEqual([])
})

test('a sync whose connection is killed in its transaction leaves the roster as it was, and no staging; the next one does it all', async () => {
  const district = await room.addDistrict()
  await room.sync(district, { rows: toFeedRows(taughtIn('math', 'e1')) })
  const before = await room.reach(district)
  const people = Array.from({ length: 3_000 }, (_, index) => ({ id: `n${index}`, role: 'student' as const }))
  const seats = people.map(({ id }) => ({ id: `s-${id}`, user: id, section: 'art', role: 'student' as const }))
  const large = taughtIn('art', 'e1')
  const rows = toFeedRows({ ...large, people: [...large.people, ...people], seats: [...large.seats, ...seats] })
  const killing = async (): Promise<void> => {
    for (;;) {
      const { rowCount } = await room.test.superuser.query(
        `select pg_terminate_backend(a.pid) from pg_stat_activity a join pg_locks l on l.pid = a.pid
         where a.datname = current_database() and l.locktype = 'advisory' and l.granted and a.query like '%insert into enrollments%'`,
      )
      if ((rowCount ?? 0) > 0) return
      await wait(1)
    }
  }
  const [died] = await Promise.all([
    room.sync(district, { rows }).then(
      () => null,
      (error: unknown) => error,
    ),
    killing(),
  ])
  expect(died).toBeInstanceOf(Error)
  expect(await room.reach(district)).toEqual(before)
  const { rows: left } = await room.test.superuser.query<{ count: string }>(
    `select count(*) from users where district_id = $1 and sourced_id like 'n%'`,
    [district],
  )
  expect(left[0]?.count).toBe('0')
  expect(await room.sync(district, { rows })).toMatchObject({ outcome: 'applied' })
  expect(await room.reach(district)).toHaveLength(3_002)
})

test('two districts whose feeds have the same ids, applied at once, each have their own people and nobody else’s', async () => {
  const [one, other] = [await room.addDistrict(), await room.addDistrict()]
  const small = taughtIn('math', 'e1')
  const without = { ...small, seats: small.seats.filter(({ id }) => id !== 'e1') }
  for (let round = 0; round < 3; round += 1)
    await Promise.all([room.sync(one, { rows: toFeedRows(small) }), room.sync(other, { rows: toFeedRows(round === 2 ? without : small) })])
  expect(await room.reach(one)).toEqual(kept)
  expect(await room.reach(other)).toEqual([])
})

test('whatever is done to one district, no row of another that has the same ids is written', async () => {
  const [one, other] = [await room.addDistrict({ percent: 0, rows: 1 }), await room.addDistrict()]
  const small = taughtIn('math', 'e1')
  for (const district of [one, other]) await room.sync(district, { rows: toFeedRows(small) })
  const before = await readRosterRows(room.test.superuser, other)
  const mine = await readRosterRows(room.test.superuser, one)
  for (const table of ['users', 'enrollments', 'guardianships', 'roster_changes', 'roster_watermarks'])
    expect(before[table]).not.toEqual([])
  const held = await room.sync(one, { rows: toFeedRows({ ...small, people: small.people.filter(({ id }) => id !== 'mum') }) })
  expect(held).toMatchObject({ outcome: 'partly-applied', endings: 1 })
  await room.sync(one, { rows: toFeedRows(taughtIn('art', 'f1')) })
  for (const file of ['enrollments', 'users', 'classes', 'academicSessions'] as const) {
    const sourcedId = { enrollments: 'f1', users: 'kid', classes: 'math', academicSessions: 't' }[file]
    await room.event(one, { file, rows: [{ kind: 'removal', sourcedId }] })
  }
  expect(await room.reach(one)).toEqual([])
  expect(await readRosterRows(room.test.superuser, one)).not.toEqual(mine)
  expect(await readRosterRows(room.test.superuser, other)).toEqual(before)
})

test('events and a feed of one district wait for each other: each sees the other’s whole effect or none', async () => {
  const district = await room.addDistrict()
  await room.sync(district, { rows: toFeedRows(taughtIn('math', 'e1')), at: new Date(Date.now() - 60_000) })
  // Few enough that the last of them, which waits for all others, is through within the time of a statement on a busy machine.
  const ids = ['x0', 'x1', 'x2']
  await Promise.all([
    room.sync(district, { rows: toFeedRows(taughtIn('art', 'e1')), at: new Date(Date.now() - 30_000) }),
    ...ids.map((id) => room.event(district, { file: 'enrollments', rows: [seat({ id, user: 'kid', section: 'math', role: 'student' })] })),
  ])
  const { rows } = await room.test.superuser.query<{ version: string; changes: string }>(
    `select v.version, count(c.*) as changes from roster_versions v left join roster_changes c on c.district_id = v.district_id and c.version = v.version
     where v.district_id = $1 group by v.version order by v.version::int`,
    [district],
  )
  expect(rows.map(({ version }) => Number(version))).toEqual(rows.map((_, index) => index + 1))
  expect(rows.every(({ changes }) => Number(changes) > 0)).toBe(true)
  expect(rows).toHaveLength(2 + ids.length)
})
