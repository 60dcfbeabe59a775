import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** What found the bytes bad. `sha256` is lower-case hex. */
export type BadHashFinding = { sha256: string; signature: string; engine: string; databaseVersion: string }

/** Keeps the hash of bytes that were found bad in this district, in the transaction that says so of the attachment. The first finding stays. */
export const rememberBadHash = async ({ db, districtId }: DistrictTransaction, finding: BadHashFinding): Promise<void> => {
  await sql`
    insert into bad_hashes (district_id, sha256, signature, engine, database_version)
    values (${districtId}, ${Buffer.from(finding.sha256, 'hex')}, ${finding.signature}, ${finding.engine}, ${finding.databaseVersion})
    on conflict (district_id, sha256) do nothing`.execute(db)
}
