import pg from 'pg'
import type { Stack } from '../stack/startStack.ts'

/** Quotas are made for people. */
export const liftQuotas = async (stack: Stack, districtId: string): Promise<void> => {
  const client = new pg.Client({ connectionString: stack.postgres.urls.owner })
  await client.connect()
  try {
    await client.query(`select set_config('app.district_id', $1, false)`, [districtId])
    await client.query(`update districts set person_files_per_day = 1000000, district_files_per_day = 20000000,
      person_bytes_per_day = 1e14::bigint, district_bytes_per_day = 2e15::bigint, upload_bytes_max = ${95 * 1024 * 1024},
      person_uploads_in_flight = 50000, person_translations_per_day = 1000000, district_uploads_in_flight = 1000000`)
  } finally {
    await client.end()
  }
}
