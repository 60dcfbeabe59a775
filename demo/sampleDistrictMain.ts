/** One-off job of docker-compose.yml's `dev` profile: the sample districts, through the API that runs. Safe to run again. */
import { z } from 'zod'
import { openSampleDistricts } from './district/openSampleDistricts.ts'

const env = z
  .object({
    DATABASE_URL_OWNER: z.string(),
    DATABASE_URL_SWEEPER: z.string(),
    DATABASE_URL_APP: z.string(),
    KEY_FILE: z.string(),
    API_URL: z.url(),
    S3_ENDPOINT: z.url(),
  })
  .parse(process.env)
const { sample } = await openSampleDistricts({
  databases: { owner: env.DATABASE_URL_OWNER, sweeper: env.DATABASE_URL_SWEEPER, app: env.DATABASE_URL_APP },
  keyFolder: env.KEY_FILE,
  apiUrl: env.API_URL,
  storeUrl: env.S3_ENDPOINT,
})
const people = Object.entries(sample.people).map(([role, person]) => `  ${role.padEnd(14)} ${person.id}  ${person.name}\n`)
process.stdout.write(`district ${sample.districtId}, ${sample.name}; one person of each role:\n${people.join('')}`)
