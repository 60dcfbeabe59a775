import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { recordAudit, type AuditOrigin } from './recordAudit.ts'

/**
 * Lifts a finding that was false, in one district; `listBadHashes` says in which districts a hash was found, and it is refused until it is
 * lifted in each. Files that were quarantined for it stay quarantined. `false` when there was nothing to lift.
 */
export const forgetBadHash = async (
  tx: DistrictTransaction,
  { sha256, ...by }: { sha256: string } & AuditOrigin & { reason: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    delete from bad_hashes where district_id = ${tx.districtId} and sha256 = ${Buffer.from(sha256, 'hex')}`.execute(tx.db)
  if (numAffectedRows !== 1n) return false
  await recordAudit(tx, { ...by, action: 'hash.lift', target: { kind: 'hash', id: sha256 } })
  return true
}
