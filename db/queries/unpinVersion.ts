import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/**
 * Forgets the pinned version of a scan that failed in an earlier attempt, of which somebody was told, and whose bytes the store has no more: nothing is left to
 * inspect. `false` when this attempt may not, or when no attempt failed: then bytes that are gone are a loss that nobody has heard of.
 */
export const unpinVersion = async (
  tx: DistrictTransaction,
  { attachmentId, attempt, versionId }: { attachmentId: string; attempt: number; versionId: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update attachments a set incoming_version_id = null
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and a.state = 'scanning' and a.attempt = ${attempt}
      and a.verdict is null and a.incoming_version_id = ${versionId}
      and exists (
        select 1 from audit_entries e
        where e.district_id = a.district_id and e.target_kind = 'attachment' and e.target = ${attachmentId} and e.action = 'attachment.fail')`.execute(
    tx.db,
  )
  return numAffectedRows === 1n
}
