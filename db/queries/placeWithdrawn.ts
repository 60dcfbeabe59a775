import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/**
 * Says where the bytes of a withdrawn file are kept now. The first writer wins: whoever reads `false` deletes what it wrote.
 */
export const placeWithdrawn = async (
  tx: DistrictTransaction,
  attachmentId: string,
  { quarantineKey, quarantineDays }: { quarantineKey: string; quarantineDays: number },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update attachments a set quarantine_key = ${quarantineKey}, purge_after = now() + make_interval(secs => ${quarantineDays * 86_400})
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and a.state = 'quarantined' and a.withdrawn_by is not null
      and a.clean_key is not null and a.quarantine_key is null`.execute(tx.db)
  return numAffectedRows === 1n
}

/** Says that the clean object of a withdrawn file is gone, and with it everything that was to do. Safe to call twice. */
export const closeWithdrawal = async (tx: DistrictTransaction, attachmentId: string, cleanKey: string): Promise<void> => {
  await sql`
    update attachments a set clean_key = null, clean_bytes = null, clean_content_type = null
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and a.state = 'quarantined' and a.withdrawn_by is not null
      and a.clean_key = ${cleanKey}`.execute(tx.db)
}
