import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

export type Finding = { sha256: string; signature: string; engine: string; databaseVersion: string }

/**
 * Keeps what was found in the bytes of an attempt beside a row that has no verdict yet, before anybody acts on it. Whether the attachment was deleted meanwhile
 * makes no difference: that takes back the file, and not what was found in it. `sha256` is lower-case hex.
 */
export const noteFinding = async (
  tx: DistrictTransaction,
  { attachmentId, attempt }: { attachmentId: string; attempt: number },
  { sha256, signature, engine, databaseVersion }: Finding,
): Promise<void> => {
  await sql`
    update attachments
    set sha256 = ${Buffer.from(sha256, 'hex')}, signature = ${signature}, engine = ${engine}, database_version = ${databaseVersion}
    where district_id = ${tx.districtId} and id = ${attachmentId} and attempt = ${attempt} and state in ('scanning', 'deleted')
      and verdict is null`.execute(tx.db)
}
