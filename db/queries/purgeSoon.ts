import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Ends the retention of a quarantined object now: the next purge removes it, with its line in the audit log. Answers whether there was one. */
export const purgeSoon = async ({ db, districtId }: DistrictTransaction, attachmentId: string): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update attachments set purge_after = statement_timestamp()
    where district_id = ${districtId} and id = ${attachmentId} and state = 'quarantined' and quarantine_key is not null`.execute(db)
  return numAffectedRows === 1n
}
