import type { ApiScope } from '../../domain/apiClients.ts'
import { addMachine } from './addMachine.ts'
import { createCaller, type Caller } from './callApi.ts'
import { openRosterRoom, type RosterRoom } from './rosterRoom.ts'
import { toFeedRows, type DistrictSpec } from './rosterRows.ts'
import { signIn } from './signIn.ts'
import { startApi, type RunningApi } from './startApi.ts'
import { present } from './present.ts'

/** A district whose roster came by a feed, with the API over it. */
export type RosterTown = {
  districtId: string
  path: string
  /** Our id of whoever has this id in the feed. */
  idOf(sourcedId: string): Promise<string>
  /** A session of theirs. */
  tokenOf(sourcedId: string): Promise<string>
  callAs(sourcedId: string): Promise<Caller>
  administrator: Caller
  addMachine(scopes: readonly ApiScope[]): Promise<Caller>
}

export type RosterCounty = {
  room: RosterRoom
  api: RunningApi
  addTown(spec: DistrictSpec, at?: Date): Promise<RosterTown>
  close(): Promise<void>
}

/** `root` administers each district, and is a line of its feed. */
const root = { id: 'root', role: 'staff' } as const

export const openRosterCounty = async (): Promise<RosterCounty> => {
  const room = await openRosterRoom()
  const api = await startApi(room.test, { districtKeys: room.districtKeys, pace: { downloadBytesPerDecision: 256 * 1024 } })
  return {
    room,
    api,
    addTown: (spec, at) => addTown(room, api, spec, at),
    close: async () => {
      await api.close()
      await room.close()
    },
  }
}

const addTown = async (
  room: RosterRoom,
  api: RunningApi,
  spec: DistrictSpec,
  at = new Date(Date.now() - 3_600_000),
): Promise<RosterTown> => {
  const districtId = await room.addDistrict()
  const { superuser } = room.test
  await room.sync(districtId, { rows: toFeedRows({ ...spec, people: [...spec.people, root] }), at })
  await superuser.query(
    `update districts set custody_column = 'metadata.custody', custody_permitted = '{yes}', custody_denied = '{no}' where id = $1`,
    [districtId],
  )
  const idOf = async (sourcedId: string): Promise<string> => {
    const { rows } = await superuser.query<{ id: string }>('select id from users where district_id = $1 and sourced_id = $2', [
      districtId,
      sourcedId,
    ])
    return present(rows[0]).id
  }
  const rootId = await idOf('root')
  await superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, gen_random_uuid(), $2, 'administer', $2, now() - interval '1 day')`,
    [districtId, rootId],
  )
  const tokenOf = async (sourcedId: string): Promise<string> => (await signIn(api.deps.app, districtId, await idOf(sourcedId))).token
  const callAs = async (sourcedId: string): Promise<Caller> => createCaller(api.url, await tokenOf(sourcedId))
  const administrator = await callAs('root')
  return {
    districtId,
    path: `/v1/districts/${districtId}/roster-events`,
    idOf,
    tokenOf,
    callAs,
    administrator,
    addMachine: async (scopes) => (await addMachine(api, { id: rootId, call: administrator }, districtId, scopes)).call,
  }
}
