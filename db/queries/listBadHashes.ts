import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import type { BadHashFinding } from './rememberBadHash.ts'

/** `foundAt` is an ISO time in UTC. */
export type BadHashRecord = BadHashFinding & { districtId: string; foundAt: string }

/** Known bad hashes, newest first, or those of one hash: each district in which it was found is a row of its own. As the role `sweeper`. */
export const listBadHashes = (
  { db }: Transaction,
  { sha256 = null, limit }: { sha256?: string | null; limit: number },
): Promise<BadHashRecord[]> =>
  findRows(
    db,
    sql<BadHashRecord>`
      select district_id as "districtId", encode(sha256, 'hex') as sha256, signature, engine, database_version as "databaseVersion",
        to_char(found_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "foundAt"
      from bad_hashes where ${sha256 === null ? sql.lit(true) : sql`sha256 = ${Buffer.from(sha256, 'hex')}`}
      order by bad_hashes.found_at desc, bad_hashes.sha256 desc limit ${limit}`,
  )
