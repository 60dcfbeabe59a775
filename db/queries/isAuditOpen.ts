import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { holdsGrant } from './holdsGrant.ts'

/** Which audit, and who reads under it. */
export type AuditRef = { auditId: string; auditorId: string }

/** Whether the auditor may read under the audit at this moment: it is theirs, its time is not over, and they still may audit. */
export const isAuditOpen = (districtId: string, { auditId, auditorId }: AuditRef): RawBuilder<boolean> => sql`exists (
  select 1 from audits audit
  where audit.district_id = ${districtId} and audit.id = ${auditId} and audit.auditor_id = ${auditorId} and statement_timestamp() < audit.ends_at
    and exists (
      select 1 from grants g join users u on u.district_id = g.district_id and u.id = g.user_id
      where g.district_id = ${districtId} and g.user_id = ${auditorId} and g.permission = 'audit' and ${holdsGrant}))`
