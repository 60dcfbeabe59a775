import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Ends a sync whose feed never came, once no upload that began in its time can still be running. `false` when it is not so. */
export const expireSync = async (
  tx: DistrictTransaction,
  { syncId, longestUploadSeconds }: { syncId: string; longestUploadSeconds: number },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update roster_syncs set state = 'expired', ended_at = statement_timestamp()
    where district_id = ${tx.districtId} and id = ${syncId} and state = 'awaiting-upload'
      and ticket_expires_at + make_interval(secs => ${longestUploadSeconds}) <= statement_timestamp()`.execute(tx.db)
  return numAffectedRows === 1n
}
