import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { toFeedKey } from '../../domain/roster/objectKeys.ts'
import { feedUpload } from '../../domain/roster/uploads.ts'
import type { AuthorKind } from '../entities/RosterSync.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'

/** `exportedAt`: when the feed was read from the district's system; what lies ahead of our clock counts as now. */
export type NewRosterSync = { isDryRun: boolean; exportedAt?: Date | null; author: { kind: AuthorKind; id: string }; by: AuditActor }

/**
 * Makes room for a feed that somebody is about to upload. Null when the district has as many open ones as it may have. Two that are asked for at the same
 * moment may be one too many: the number is there against mistakes.
 */
export const createRosterSync = async (
  tx: DistrictTransaction,
  { isDryRun, exportedAt = null, author, by }: NewRosterSync,
): Promise<string | null> => {
  const id = newId()
  const exported = exportedAt === null ? null : new Date(Math.min(exportedAt.getTime(), Date.now())).toISOString()
  const made = await findRow(
    tx.db,
    sql<{ id: string }>`
      insert into roster_syncs (district_id, id, origin, state, is_dry_run, object_key, author_kind, author, ticket_expires_at, source_at)
      select ${tx.districtId}::uuid, ${id}::uuid, 'upload', 'awaiting-upload', ${isDryRun}, ${toFeedKey(tx.districtId, id)}, ${author.kind}, ${author.id},
        statement_timestamp() + make_interval(secs => ${feedUpload.ticketSeconds}), 
        ${exported}::timestamptz
      where (
        select count(*) from roster_syncs
        where district_id = ${tx.districtId} and state in ('awaiting-upload', 'queued', 'running')) < ${feedUpload.openMax}
      returning id`,
  )
  if (made === null) return null
  await recordAudit(tx, { actor: by, action: 'roster-sync.create', target: { kind: 'roster-sync', id }, details: { isDryRun } })
  return id
}
