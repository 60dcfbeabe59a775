import type { TableGrant } from './tableGrant.ts'
import { translationsOfOncall } from './translationGrants.ts'

/**
 * What an on-call responder's command may do: see how far each file has come, ask for work again, and write down that it did. It can mark
 * nothing as started or settled, and sees neither people nor content.
 */
export const oncallGrants: Readonly<Record<string, TableGrant>> = {
  attachments: {
    select: [
      'district_id',
      'id',
      'state',
      'attempt',
      'content_type',
      'bytes',
      'incoming_key',
      'incoming_version_id',
      'verdict',
      'refusal_reason',
      'signature',
      'engine',
      'database_version',
      'clean_key',
      'quarantine_key',
      'purge_after',
      'created_at',
      'ticket_expires_at',
      'upload_completed_at',
      'scanned_at',
      'ended_at',
    ],
    update: ['state', 'attempt', 'ended_at'],
  },
  outbox: {
    select: [
      'district_id',
      'id',
      'workflow_type',
      'workflow_id',
      'task_queue',
      'input',
      'created_at',
      'claimed_until',
      'started_at',
      'attempts',
      'last_error_code',
    ],
    insert: 'all',
    update: ['claimed_until'],
  },
  audit_entries: {
    select: ['district_id', 'id', 'at', 'actor_kind', 'actor', 'action', 'target_kind', 'target', 'details', 'batch_number'],
    insert: 'all',
  },
  bad_hashes: { select: 'all', delete: true },
  roster_syncs: {
    select: [
      'district_id',
      'id',
      'origin',
      'state',
      'is_dry_run',
      'attempt',
      'source_at',
      'bytes',
      'created_at',
      'queued_at',
      'started_at',
      'ended_at',
      'roster_version',
      'feed_version',
      'fault_code',
      'reject_count',
      'ending_count',
      'removals',
      'decided_at',
      'escalated_at',
    ],
    update: ['state', 'attempt', 'queued_at', 'started_at', 'ended_at', 'fault_code', 'removals', 'decided_at'],
  },
  roster_sync_counts: { select: 'all' },
  translations: translationsOfOncall,
}
