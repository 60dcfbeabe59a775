import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { appointSubstitute } from '../../db/roster/appointSubstitute.ts'
import { settleRemovals } from '../../db/roster/settleRemovals.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { withCora } from '../support/coraTown.ts'
import { smallTown } from '../support/districtSpecs.ts'
import { present } from '../support/present.ts'
import { openRosterRoom, type RosterRoom } from '../support/rosterRoom.ts'
import { term, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

const spec = withCora(smallTown)
/** Cora stands for the teacher of kid's section: she reaches kid, and the guardian of confirmed custody. */
const ofKid = ['cora>kid about kid', 'cora>mum about kid']

const open = async (limits?: { percent: number; rows: number }) => {
  const district = await room.addDistrict(limits)
  await room.sync(district, { rows: toFeedRows(spec) })
  const find = async (table: 'users' | 'sections', sourcedId: string): Promise<string> =>
    present(
      (
        await room.test.superuser.query<{ id: string }>(`select id from ${table} where district_id = $1 and sourced_id = $2`, [
          district,
          sourcedId,
        ])
      ).rows[0],
    ).id
  const asked = {
    userId: await find('users', 'cora'),
    sectionId: await find('sections', 'math'),
    authorId: await find('users', 'root'),
    ends: '2999-01-01',
  }
  expect(await withDistrict(room.app, district, (tx) => appointSubstitute(tx, asked))).toMatchObject({ outcome: 'appointed' })
  expect(await reachOf(district)).toEqual(ofKid)
  return district
}

const reachOf = async (district: string): Promise<string[]> => (await room.reach(district)).filter((channel) => channel.startsWith('cora>'))

/** The receipts that she has, as participants, oldest first; and why her time there was ended, if it was. */
const evidenceOf = async (district: string) => {
  const { superuser } = room.test
  const receipts = await superuser.query<{ who: string }>(
    `select p.sourced_id as who from access_endings e join users t on t.district_id = e.district_id and t.id = e.teacher_id and t.sourced_id = 'cora'
     join users p on p.district_id = e.district_id and p.id = e.participant_id where e.district_id = $1 order by e.version, 1`,
    [district],
  )
  const ended = await superuser.query<{ reason: string }>(
    `select c.reason from roster_changes c where c.district_id = $1 and c.subject = 'provider-connection' and c.change = 'removed'`,
    [district],
  )
  return { receipts: receipts.rows.map(({ who }) => who), ended: ended.rows.map(({ reason }) => reason) }
}

const without = (gone: { person?: string; seat?: string; section?: string }): DistrictSpec => ({
  ...spec,
  people: spec.people.filter(({ id }) => id !== gone.person),
  sections: spec.sections.filter((id) => id !== gone.section),
  seats: spec.seats.filter(({ id, user, section }) => id !== gone.seat && user !== gone.person && section !== gone.section),
})
const withoutMum = {
  ...spec,
  people: spec.people.map((one) => (one.id === 'kid' ? { ...one, agents: ['dad'] } : one)),
}

test.each<[string, DistrictSpec, string[], string[], string[]]>([
  ['the student leaves the section', without({ seat: 'e2' }), [], ['kid', 'mum'], []],
  ['the student leaves the district', without({ person: 'kid' }), [], ['kid', 'mum'], []],
  ['the section is gone', without({ section: 'math' }), [], ['kid', 'mum'], []],
  ['the guardian is one no longer', withoutMum, ['cora>kid about kid'], ['mum'], []],
  ['the substitute leaves the district, which ends it for good', without({ person: 'cora' }), [], ['kid', 'mum'], ['person-left']],
  ['the teacher for whom they stand leaves, nothing ends', without({ person: 'ana' }), ofKid, [], []],
])('when %s, a sync ends what it must, with a receipt for each channel', async (_, next, reach, receipts, ended) => {
  const district = await open()
  expect(await room.sync(district, { rows: toFeedRows(next) })).toMatchObject({ outcome: 'applied' })
  expect(await reachOf(district)).toEqual(reach)
  expect(await evidenceOf(district)).toEqual({ receipts, ended })
  await room.sync(district, { rows: toFeedRows(spec) })
  expect(await reachOf(district)).toEqual(ended.length > 0 ? [] : ofKid)
})

test('when the last term is over, so is it', async () => {
  const district = await open()
  await room.sync(district, { rows: { ...toFeedRows(spec), academicSessions: [term('t', '2000-01-01', '2001-01-01')] } })
  expect(await reachOf(district)).toEqual([])
  expect((await evidenceOf(district)).receipts).toEqual(['kid', 'mum'])
})

test.each(['approving', 'discarding'] as const)(
  'what the brake holds ends a substitute’s access at once, and %s decides what becomes of it',
  async (removals) => {
    const district = await open({ percent: 0, rows: 0 })
    const { syncId, ...applied } = await room.sync(district, { rows: toFeedRows(without({ person: 'cora' })) })
    expect(applied).toMatchObject({ outcome: 'partly-applied' })
    expect(await reachOf(district)).toEqual([])
    expect(await evidenceOf(district)).toEqual({ receipts: [], ended: [] })
    await room.test.superuser.query(`update roster_syncs set state = 'partly-applied', removals = $2 where id = $1`, [syncId, removals])
    await withDistrict(room.app, district, (tx) => settleRemovals(tx, syncId, toSettlingStart('roster')))
    const isOver = removals === 'approving'
    expect(await reachOf(district)).toEqual(isOver ? [] : ofKid)
    expect(await evidenceOf(district)).toEqual(isOver ? { receipts: ['kid', 'mum'], ended: ['person-left'] } : { receipts: [], ended: [] })
  },
)
