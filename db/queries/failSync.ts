import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Ends a sync by a fault of ours: nothing of its feed was applied. `false` when this attempt has nothing to end any more. */
export const failSync = async (
  tx: DistrictTransaction,
  { syncId, attempt, faultCode }: { syncId: string; attempt: number; faultCode: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update roster_syncs set state = 'failed', fault_code = ${faultCode}, ended_at = statement_timestamp()
    where district_id = ${tx.districtId} and id = ${syncId} and attempt = ${attempt} and state in ('queued', 'running')`.execute(tx.db)
  return numAffectedRows === 1n
}
