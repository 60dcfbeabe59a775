/** One-off job of docker-compose.yml's `dev` profile: the sample district in a database that is migrated. Safe to run again. */
import { z } from 'zod'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { createDistrictKeys } from '../db/districtKeys.ts'
import { loadRoster } from '../db/loadRoster.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { pickSamplePeople } from '../stack/pickSamplePeople.ts'
import { createSampleRoster } from './sampleRoster.ts'

const { DATABASE_URL_APP: url, KEY_FILE: keyFolder } = z.object({ DATABASE_URL_APP: z.string(), KEY_FILE: z.string() }).parse(process.env)
const roster = createSampleRoster(new Date().toISOString().slice(0, 10))
const database = await openDatabase({ url, connectionsMax: 2 })
try {
  const districtKeys = createDistrictKeys({ database, keyService: await openLocalKeyService(keyFolder) })
  await loadRoster({ database, districtKeys }, roster)
} finally {
  await database.close()
}
const people = Object.entries(pickSamplePeople(roster)).map(([role, person]) => `  ${role.padEnd(14)} ${person.id}  ${person.name}\n`)
process.stdout.write(`district ${roster.district.id}, ${roster.district.name}; one person of each role:\n${people.join('')}`)
