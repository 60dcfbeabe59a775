import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import type { BadHashFinding } from './rememberBadHash.ts'

/**
 * What first found these bytes bad, in whichever district; null when nothing did. It does not say where: an upload tells its uploader nothing
 * of another district. As the role `sweeper`.
 */
export const findBadHash = ({ db }: Transaction, sha256: string): Promise<BadHashFinding | null> =>
  findRow(
    db,
    sql<BadHashFinding>`
      select encode(sha256, 'hex') as sha256, signature, engine, database_version as "databaseVersion" from bad_hashes
      where sha256 = ${Buffer.from(sha256, 'hex')} order by found_at limit 1`,
  )
