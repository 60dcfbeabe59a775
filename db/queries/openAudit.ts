import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { auditHours, type AuditPurpose } from '../../domain/audit.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { recordAudit } from './recordAudit.ts'

/** Opens an audit: from now, for `auditHours`, its auditor may read under it. The reason stands in the audit log too. Answers its id. */
export const openAudit = async (
  tx: DistrictTransaction,
  { auditorId, reason, purpose }: { auditorId: string; reason: string; purpose: AuditPurpose },
): Promise<string> => {
  const id = newId()
  await sql`
    insert into audits (district_id, id, auditor_id, reason, purpose, opened_at, ends_at)
    values (${tx.districtId}, ${id}, ${auditorId}, ${reason}, ${purpose}, statement_timestamp(), statement_timestamp() + make_interval(hours => ${auditHours}))
  `.execute(tx.db)
  await recordAudit(tx, {
    actor: { kind: 'user', id: auditorId },
    action: 'audit.open',
    target: { kind: 'audit', id },
    reason,
    details: { purpose },
  })
  return id
}
