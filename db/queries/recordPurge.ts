import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { recordAudit } from './recordAudit.ts'

/** Says that a quarantined object is gone for good, once. The verdict and its hash stay. `false` when the row said so before. */
export const recordPurge = async (
  tx: DistrictTransaction,
  { attachmentId, quarantineKey }: { attachmentId: string; quarantineKey: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update attachments set quarantine_key = null, purge_after = null
    where district_id = ${tx.districtId} and id = ${attachmentId} and quarantine_key = ${quarantineKey}`.execute(tx.db)
  if (numAffectedRows !== 1n) return false
  await recordAudit(tx, {
    actor: { kind: 'system', name: 'sweeper' },
    action: 'quarantine.purge',
    target: { kind: 'attachment', id: attachmentId },
  })
  return true
}
