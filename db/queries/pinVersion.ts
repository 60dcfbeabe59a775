import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Fixes the one version that an attempt inspects and releases. The first pin stays; `false` when this attempt may not pin, or another version is. */
export const pinVersion = async (
  tx: DistrictTransaction,
  { attachmentId, attempt, versionId }: { attachmentId: string; attempt: number; versionId: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update attachments set incoming_version_id = ${versionId}
    where district_id = ${tx.districtId} and id = ${attachmentId} and state = 'scanning' and attempt = ${attempt}
      and (incoming_version_id is null or incoming_version_id = ${versionId})`.execute(tx.db)
  return numAffectedRows === 1n
}
