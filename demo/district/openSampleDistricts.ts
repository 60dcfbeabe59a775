import { sql } from 'kysely'
import { createClient } from '../../api/client.ts'
import { openMachine, type Machine } from '../../deploy/roster/openMachine.ts'
import { acrossDistricts, openDatabase, readDistrict } from '../../db/openDatabase.ts'
import { findUserId } from '../../db/queries/findUserId.ts'
import type { UserRole } from '../../domain/access.ts'
import { packRoster } from '../roster/packRoster.ts'
import type { RosterRows } from '../roster/rosterRows.ts'
import { createNeighbourRoster, createSampleRoster, toSampleDay } from '../sampleRoster.ts'
import { acceptTerms } from './acceptTerms.ts'
import { listDistricts, makeDistrict, type Credentials, type NamedDistrict } from './makeDistrict.ts'
import { pickSamplePeople } from './pickSamplePeople.ts'
import type { Place } from './place.ts'
import { sendZip } from './sendZip.ts'
import { signIn } from './signIn.ts'

/** `id` is ours, `sourcedId` the district's. */
export type SamplePerson = { id: string; sourcedId: string; name: string }

/** A district whose roster came the way of every roster. */
export type OpenDistrict = {
  districtId: string
  name: string
  /** What its system knows, and sends. */
  rows: RosterRows
  credentials: Credentials
  /** The system that sends its roster, as it calls the API. */
  machine: Machine
  /** One active person of each role, who belong together. */
  people: Partial<Record<UserRole, SamplePerson>>
  /** Answers the bearer token of somebody of the district, by our id or the district's, who has accepted its terms of use. @throws when there is no such active person. */
  signIn: (user: string) => Promise<string>
}

/**
 * The sample district and its small neighbour, made by the command that makes districts; each sends its roster as a OneRoster zip over the API.
 * Safe to run again: they are there already then, and a feed that says nothing new changes nothing.
 * @throws when a feed is not applied in full
 */
export const openSampleDistricts = async (place: Place): Promise<{ sample: OpenDistrict; neighbour: OpenDistrict }> => {
  const today = toSampleDay(new Date())
  const there = await listDistricts(place)
  const [sample, neighbour] = await Promise.all([
    openDistrict(place, there, createSampleRoster(today)),
    openDistrict(place, there, createNeighbourRoster(today)),
  ])
  if (sample.isChanged || neighbour.isChanged) await countRows(place.databases.owner)
  return { sample, neighbour }
}

const openDistrict = async (
  place: Place,
  there: readonly NamedDistrict[],
  rows: RosterRows,
): Promise<OpenDistrict & { isChanged: boolean }> => {
  const { districtId, credentials } = await makeDistrict(place, there, rows)
  const machine = await openMachine({ apiUrl: place.apiUrl, ...credentials })
  const { state } = await sendZip(place, { districtId, machine }, await packRoster(rows))
  if (state !== 'applied' && state !== 'unchanged')
    throw new Error(`the roster of ${rows.district.name} ended as ${state}\n  mend: npm run stack -- --fresh, which forgets all data`)
  return {
    districtId,
    name: rows.district.name,
    rows,
    credentials,
    machine,
    people: await findPeople(place, districtId, rows),
    signIn: async (user) => {
      const token = await signIn(place, districtId, user)
      if (token === null) throw new Error('the sample district has no such active person')
      await acceptTerms(createClient(place.apiUrl, token))
      return token
    },
    isChanged: state === 'applied',
  }
}

const findPeople = async ({ databases }: Place, districtId: string, rows: RosterRows): Promise<OpenDistrict['people']> => {
  const database = await openDatabase({ url: databases.app, connectionsMax: 1 })
  try {
    return await readDistrict(database, districtId, async (tx) => {
      const people: OpenDistrict['people'] = {}
      for (const { role, sourcedId, givenName, familyName } of pickSamplePeople(rows)) {
        const id = await findUserId(tx, sourcedId)
        if (id !== null) people[role] = { id, sourcedId, name: `${givenName} ${familyName}` }
      }
      return people
    })
  } finally {
    await database.close()
  }
}

/** Postgres plans well only what it has counted, and its own round comes minutes later. Only the owner may ask for it. */
const countRows = async (ownerUrl: string): Promise<void> => {
  const database = await openDatabase({ url: ownerUrl, connectionsMax: 1 })
  try {
    await acrossDistricts(database, ({ db }) => sql`analyze`.execute(db))
  } finally {
    await database.close()
  }
}
