import { columnClasses, internalColumnsOf } from './dataClasses.ts'
import { noticeGrants } from './noticeGrants.ts'
import { oncallGrants } from './oncallGrants.ts'
import { sweeperGrants } from './sweeperGrants.ts'
import { translationGrants } from './translationGrants.ts'
import type { TableGrant } from './tableGrant.ts'

/** `owner` applies migrations and owns every table; the others own nothing, and none bypasses row-level security (law 2). */
export const databaseRoles = ['owner', 'app', 'auth', 'relay', 'sweeper', 'support', 'oncall'] as const
export type DatabaseRole = (typeof databaseRoles)[number]
export type LimitedRole = Exclude<DatabaseRole, 'owner'>

/** The role's name in Postgres. */
export const toRoleName = (role: DatabaseRole): string => `hallpass_${role}`

const readAndAdd = { select: 'all', insert: 'all' } as const

/** What no statement of ours changes, `app` may not change. */
const app: Record<string, TableGrant> = {
  districts: { ...readAndAdd, update: ['roster_version', 'roster_late_told_at'] },
  feature_switches: { ...readAndAdd, update: ['switched_off_at', 'switched_off_by'] },
  schools: { ...readAndAdd, update: ['name', 'type', 'is_active'] },
  terms: { ...readAndAdd, update: ['title', 'begins', 'ends', 'school_year', 'is_active'] },
  courses: { ...readAndAdd, update: ['title', 'is_active'] },
  sections: { ...readAndAdd, update: ['school_id', 'course_id', 'title', 'grades', 'is_active'] },
  section_terms: { ...readAndAdd, delete: true },
  users: {
    ...readAndAdd,
    update: [
      'role',
      'given_name',
      'family_name',
      'email',
      'email_hash',
      'phone',
      'phone_hash',
      'is_active',
      'custody',
      'preferred_language',
      'roster_language',
    ],
  },
  org_roles: { ...readAndAdd, update: ['user_id', 'org_sourced_id', 'role', 'begins', 'ends'], delete: true },
  agent_links: { ...readAndAdd, update: ['custody'], delete: true },
  // Intervals: a change ends one and begins another.
  enrollments: { ...readAndAdd, update: ['until_version'] },
  guardianships: { ...readAndAdd, update: ['until_version'] },
  provider_connections: { ...readAndAdd, update: ['until_version', 'ended_by'] },
  suspensions: { ...readAndAdd, delete: true },
  roster_versions: readAndAdd,
  roster_changes: readAndAdd,
  roster_sources: { ...readAndAdd, update: ['source_at'], delete: true },
  roster_watermarks: { ...readAndAdd, update: ['bulk_at'] },
  roster_syncs: {
    ...readAndAdd,
    update: [
      'state',
      'attempt',
      'source_at',
      'object_version_id',
      'bytes',
      'queued_at',
      'started_at',
      'ended_at',
      'roster_version',
      'feed_version',
      'fault_code',
      'fault_file',
      'fault_line',
      'fault_column',
      'reject_count',
      'rejects_key',
      'changes_key',
      'ending_count',
      'removals',
      'decided_at',
      'decided_by',
      'escalated_at',
    ],
  },
  roster_sync_counts: { ...readAndAdd, delete: true },
  roster_events: readAndAdd,
  // Where a district's roster comes from is set by the owner; what reads it from there only notes how it went.
  roster_pulls: {
    select: 'all',
    update: ['state', 'attempt', 'mode', 'sync_id', 'started_at', 'ended_at', 'outcome', 'fault_code', 'cursor_at', 'bulk_at'],
  },
  access_endings: { ...readAndAdd, update: ['settled_at'] },
  roster_settlements: { ...readAndAdd, update: ['attempt', 'asked_at', 'settled_at'] },
  access_notices: { ...readAndAdd, update: ['told_at', 'claimed_until', 'claimed_by'] },
  school_year_ends: { ...readAndAdd, update: ['attempt', 'channels', 'settled_at'] },
  school_year_notices: { ...readAndAdd, update: ['told_at', 'claimed_until', 'claimed_by'] },
  channels: { ...readAndAdd, update: ['last_seq', 'last_message_at', 'closed_at', 'posting'] },
  messages: { ...readAndAdd, update: ['hidden_at', 'hidden_by', 'withdrawn_at', 'withdrawn_after_readers'] },
  events: { ...readAndAdd, delete: true },
  ...noticeGrants,
  ...translationGrants,
  audits: readAndAdd,
  audit_views: readAndAdd,
  reports: { ...readAndAdd, update: ['state', 'attempt'] },
  report_acts: readAndAdd,
  terms_of_use: readAndAdd,
  terms_acceptances: readAndAdd,
  nudge_counts: { ...readAndAdd, update: ['count'] },
  // Which words a district adds is set by the owner.
  district_words: { select: 'all' },
  read_marks: { ...readAndAdd, update: ['seq', 'read_at'] },
  section_boards: { ...readAndAdd, update: ['last_seq', 'last_at'] },
  announcements: {
    ...readAndAdd,
    update: [
      'hidden_at',
      'hidden_by',
      'withdrawn_at',
      'withdrawn_after_readers',
      'scope_count',
      'scope_root',
      'scope_computed_at',
      'scope_attempt',
    ],
  },
  announcement_reads: { ...readAndAdd, update: ['seqs', 'read_at'] },
  attachments: {
    ...readAndAdd,
    update: [
      'message_id',
      'announcement_id',
      'position',
      'state',
      'attempt',
      'incoming_version_id',
      'sha256',
      'sniffed_type',
      'verdict',
      'refusal_reason',
      'signature',
      'engine',
      'database_version',
      'clean_key',
      'clean_bytes',
      'clean_content_type',
      'quarantine_key',
      'purge_after',
      'upload_completed_at',
      'scanned_at',
      'ended_at',
      'rescanned_at',
      'rescan_version',
      'rescan_outcome',
      'withdrawn_by',
    ],
  },
  bad_hashes: readAndAdd,
  user_upload_usage: { ...readAndAdd, update: ['files', 'bytes', 'as_of'] },
  user_translation_usage: { ...readAndAdd, update: ['asked', 'as_of'] },
  district_upload_usage: { ...readAndAdd, update: ['files', 'bytes', 'as_of'] },
  sessions: { ...readAndAdd, update: ['ended_at'] },
  api_clients: { ...readAndAdd, update: ['secret_hash', 'previous_secret_hash', 'previous_until', 'rotated_at', 'ended_at'] },
  client_tokens: { ...readAndAdd, delete: true },
  // It ends a permission with the work; it gives none.
  grants: { select: 'all', update: ['ends'] },
  outbox: { ...readAndAdd, update: ['started_at'], delete: true },
  // Append-only, but for the one column by which the sealer says which batch holds the entry (law 11).
  audit_entries: { ...readAndAdd, update: ['batch_number'] },
  audit_batches: readAndAdd,
  idempotency_keys: { ...readAndAdd, update: ['status', 'result_kind', 'result_id'], delete: true },
  open_alerts: { ...readAndAdd, update: ['began_at', 'seen_at', 'raised_at', 'ending_at'], delete: true },
  last_successes: { ...readAndAdd, update: ['succeeded_at'] },
  'keys.data_keys': { ...readAndAdd, update: ['wrapped'] },
  'keys.object_keys': { ...readAndAdd, update: ['wrapped'], delete: true },
}

/** What is asked before a district is known: whose a session, a machine or its token is, what happened since the last look, and how long the queue of scans is. */
const auth: Record<string, TableGrant> = {
  attachments: { select: ['state', 'upload_completed_at', 'scanned_at'] },
  events: { select: 'all' },
  sessions: { select: ['district_id', 'id', 'token_hash', 'user_id', 'expires_at', 'ended_at'] },
  api_clients: { select: ['district_id', 'id', 'secret_hash', 'previous_secret_hash', 'previous_until', 'scopes', 'ended_at'] },
  client_tokens: { select: ['district_id', 'id', 'token_hash', 'client_id', 'expires_at'] },
}

const relay: Record<string, TableGrant> = {
  outbox: {
    select: [
      'district_id',
      'id',
      'workflow_type',
      'workflow_id',
      'task_queue',
      'input',
      'trace_parent',
      'created_at',
      'claimed_until',
      'started_at',
      'attempts',
    ],
    update: ['claimed_until', 'started_at', 'attempts', 'last_error_code'],
  },
}

/** Tables that even their internal columns are no business of support's. */
const closedToSupport = new Set([
  'sessions',
  'api_clients',
  'client_tokens',
  'idempotency_keys',
  'keys.data_keys',
  'keys.object_keys',
  // Who reported whom is nobody's business but of those whom the district names.
  'reports',
  'report_acts',
  'district_words',
])

/** Tables that support may look at, one district at a time: the internal columns of each, through a view of the schema `support`. */
export const supportTables: readonly string[] = Object.keys(columnClasses).filter((table) => !closedToSupport.has(table))

const support: Record<string, TableGrant> = Object.fromEntries(supportTables.map((table) => [table, { select: internalColumnsOf(table) }]))

/** The one list of who may read and write which column. `applyRoles` brings the database to it; a test compares the catalog with it. */
export const grants: Readonly<Record<LimitedRole, Readonly<Record<string, TableGrant>>>> = {
  app,
  auth,
  relay,
  sweeper: sweeperGrants,
  support,
  oncall: oncallGrants,
}

/** Schemas a role may look into beside `public`. */
export const schemaGrants: Readonly<Record<LimitedRole, readonly string[]>> = {
  app: ['public', 'keys'],
  auth: ['public'],
  relay: ['public'],
  sweeper: ['public'],
  support: ['public', 'support'],
  oncall: ['public'],
}
