import { z } from 'zod'
import { createClient, type ApiClient } from '../../api/client.ts'
import { offeredFeatures } from '../../domain/features.ts'
import type { RosterRows, UserRow } from '../roster/rosterRows.ts'
import { sampleCustody } from '../roster/toFeedTables.ts'
import type { Place } from './place.ts'
import { runDistrictCommand } from './runDistrictCommand.ts'
import { signIn } from './signIn.ts'

/** What the system that sends a roster shows for its token. */
export type Credentials = { clientId: string; clientSecret: string }
export type MadeDistrict = { districtId: string; credentials: Credentials }

const listed = z.object({ districts: z.array(z.object({ districtId: z.string(), name: z.string() })) })
export type NamedDistrict = z.infer<typeof listed>['districts'][number]
const created = z.object({ districtId: z.string(), clientId: z.string(), clientSecret: z.string() })

/** The first of the staff administers the district. */
export const findAdministrator = ({ users }: RosterRows): UserRow => {
  const administrator = users.find(({ role }) => role === 'staff')
  if (administrator === undefined) throw new Error('a district needs an administrator')
  return administrator
}

/** The districts that are there already. */
export const listDistricts = async (place: Place): Promise<NamedDistrict[]> =>
  listed.parse(await runDistrictCommand(place, ['list'])).districts

/**
 * Makes the district as staff makes any: keys, first administrator, credentials of the system that sends its roster. One that an earlier start
 * made is found by its name, and its administrator gives that system a new secret: the last one was shown once, and is kept nowhere.
 */
export const makeDistrict = async (place: Place, there: readonly NamedDistrict[], rows: RosterRows): Promise<MadeDistrict> => {
  for (const { districtId, name } of there) {
    if (name !== rows.district.name) continue
    const credentials = await renewCredentials(place, districtId, rows)
    if (credentials !== null) return { districtId, credentials }
  }
  return create(place, rows)
}

const create = async (place: Place, rows: RosterRows): Promise<MadeDistrict> => {
  const { sourcedId, givenName, familyName, email } = findAdministrator(rows)
  const { districtId, ...credentials } = created.parse(
    await runDistrictCommand(place, [
      'create',
      '--even-if-the-name-is-taken',
      `--name=${rows.district.name}`,
      `--time-zone=${rows.district.timeZone}`,
      `--admin-given=${givenName}`,
      `--admin-family=${familyName}`,
      `--admin-email=${email}`,
      `--admin-sourced-id=${sourcedId}`,
      `--custody-column=${sampleCustody.column}`,
      `--custody-permitted=${sampleCustody.permitted.join()}`,
      `--custody-denied=${sampleCustody.denied.join()}`,
      `--machine=${machineName}`,
      `--features=${offeredFeatures.join()}`,
      '--reason=sample district',
    ]),
  )
  return { districtId, credentials }
}

const machineName = 'Student information system'

/** Null when nobody administers the district: then somebody else made it. */
const renewCredentials = async (place: Place, districtId: string, rows: RosterRows): Promise<Credentials | null> => {
  const token = await signIn(place, districtId, findAdministrator(rows).sourcedId)
  if (token === null) return null
  const machines = createClient(place.apiUrl, token).v1.districts[':districtId']['api-clients']
  const answer = await machines.$get({ param: { districtId }, query: {} })
  if (answer.status !== 200) return null
  const machine = (await answer.json()).items.find(({ name, endedAt }) => name === machineName && endedAt === null)
  return machine === undefined ? null : rotate(machines, districtId, machine.id)
}

type Machines = ApiClient['v1']['districts'][':districtId']['api-clients']

const rotate = async (machines: Machines, districtId: string, id: string): Promise<Credentials> => {
  const answer = await machines[':id'].rotate.$post({ param: { districtId, id }, json: { overlapSeconds: 0 } })
  if (answer.status !== 200) throw new Error(`a machine got no new secret: HTTP ${answer.status}`)
  const { client, secret } = await answer.json()
  return { clientId: client.id, clientSecret: secret }
}
