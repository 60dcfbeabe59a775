import { v7 as newId } from 'uuid'
import { expect } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { listHolders } from '../../db/queries/listHolders.ts'
import { connectProvider } from '../../db/roster/connectProvider.ts'
import { settleRemovals, type SettledRemovals } from '../../db/roster/settleRemovals.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { present } from './present.ts'
import type { RosterRoom } from './rosterRoom.ts'
import { toFeedRows, type DistrictSpec } from './rosterRows.ts'

/** With `cora`, who administers the district and whom it connects as a service provider with a student, and `root`, who let her. */
export const withCora = (spec: DistrictSpec): DistrictSpec => ({
  ...spec,
  people: [...spec.people, { id: 'cora', role: 'staff' }, { id: 'root', role: 'staff' }],
})

export type CoraTown = {
  district: string
  spec: DistrictSpec
  idOf: (sourcedId: string) => Promise<string>
  /** What cora may do at this moment. */
  standing(): Promise<{ provides: boolean; administers: boolean }>
  /** What is kept of what ended for her: changes of her connection, acts on her permission, and receipts. */
  evidence(): Promise<{ changes: string[]; acts: string[]; receipts: string[] }>
  /** Has the removals that this sync's brake holds decided, as its run does. */
  decide(syncId: string, removals: 'approving' | 'discarding'): Promise<SettledRemovals>
}

/** What cora may do as long as she works for the district, and when she does not. */
export const everything = { provides: true, administers: true }
export const nothing = { provides: false, administers: false }

/** A district of `base` and cora, whose feed was taken. `student` is hers. */
export const openCoraTown = async (
  room: RosterRoom,
  base: DistrictSpec,
  student: string,
  limits?: { percent: number; rows: number },
): Promise<CoraTown> => {
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
  const town: CoraTown = {
    district,
    spec,
    idOf,
    standing: async () => {
      const administrators = await withDistrict(room.app, district, (tx) => listHolders(tx, 'administer'))
      return {
        provides: (await room.reach(district)).includes(`cora>${student} about ${student}`),
        administers: administrators.some(({ userId }) => userId === coraId),
      }
    },
    evidence: () => readEvidence(room, district),
    decide: async (syncId, removals) => {
      await room.test.superuser.query(`update roster_syncs set state = 'partly-applied', removals = $2 where id = $1`, [syncId, removals])
      return withDistrict(room.app, district, (tx) => settleRemovals(tx, syncId, toSettlingStart('roster')))
    },
  }
  expect(await town.standing()).toEqual(everything)
  return town
}

const readEvidence = async (room: RosterRoom, district: string) => {
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
/** What is kept when all of it ended for good, and when nothing did. */
export const ended = { changes: ['removed person-left'], acts: ['roster: their work for the district ended'], receipts: ['cora'] }
export const unended = { changes: [], acts: [], receipts: [] }
