import { sql } from 'kysely'
import { getRow } from '../rows.ts'
import type { RosterCause } from '../entities/RosterVersion.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** What made a version: the sync, the event or the connection of that id. */
export type VersionCause = { cause: RosterCause; causeId: string | null }

/** The next version of the district's roster, for a transaction that holds its lock and is about to change something. */
export const openVersion = async ({ db, districtId }: RosterTransaction, { cause, causeId }: VersionCause): Promise<number> => {
  const { version } = await getRow(
    db,
    sql<{ version: string }>`
      update districts set roster_version = roster_version + 1 where id = ${districtId} returning roster_version as version`,
  )
  await sql`
    insert into roster_versions (district_id, version, at, cause, cause_id)
    values (${districtId}, ${version}::bigint, clock_timestamp(), ${cause}, ${causeId}::uuid)`.execute(db)
  return Number(version)
}
