import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { recordAudit } from './recordAudit.ts'
import { rememberBadHash, type BadHashFinding } from './rememberBadHash.ts'
import { stateAllows } from './stateAllows.ts'

/**
 * Takes a clean file back because it was found bad: nobody begins to download it from this commit on, and downloads under way end at their next
 * decision. Its hashes, as uploaded and as released, are known as bad from the same commit. The object is still where it was. The first run wins:
 * `false` when the file is clean no more and another run, or its uploader, saw to that.
 */
export const withdrawAttachment = async (
  tx: DistrictTransaction,
  attachmentId: string,
  { withdrawnBy, releasedSha256, ...finding }: BadHashFinding & { withdrawnBy: string; releasedSha256: string | null },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    with changed as (
    update attachments a
    set state = 'quarantined', verdict = 'infected', signature = ${finding.signature}, engine = ${finding.engine},
        database_version = ${finding.databaseVersion}, withdrawn_by = ${withdrawnBy}, ended_at = statement_timestamp()
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'withdraw')}
    returning a.district_id, a.channel_id, a.section_id, a.id)
    ${attachmentEventsOf('changed')}`.execute(tx.db)
  if (numAffectedRows !== 1n) return isWithdrawnBy(tx, attachmentId, withdrawnBy)
  await rememberBadHash(tx, finding)
  if (releasedSha256 !== null) await rememberBadHash(tx, { ...finding, sha256: releasedSha256 })
  await recordAudit(tx, {
    actor: { kind: 'system', name: 'rescan' },
    action: 'attachment.withdraw',
    target: { kind: 'attachment', id: attachmentId },
    details: { signature: finding.signature, databaseVersion: finding.databaseVersion },
  })
  return true
}

/** An earlier try of this very run got through, and its answer was lost. */
const isWithdrawnBy = async (tx: DistrictTransaction, attachmentId: string, withdrawnBy: string): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from attachments
    where district_id = ${tx.districtId} and id = ${attachmentId} and state = 'quarantined' and withdrawn_by = ${withdrawnBy}`.execute(
    tx.db,
  )
  return rows.length === 1
}
