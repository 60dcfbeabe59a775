import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { withDistrict, type Database } from '../../db/openDatabase.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import type { TestDatabase } from '../support/database.ts'
import type { SampleDistrict } from './roster.ts'

/** One row in every table of a district, so that a wall with a hole shows something. */
export const fillEveryTable = async (test: TestDatabase, app: Database, district: SampleDistrict): Promise<void> => {
  const { districtId: d, teacherId, studentId } = district
  const opened = await withDistrict(app, d, (tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))
  const channelId = opened?.channel.id ?? ''
  await test.superuser.query(`insert into messages values ($1, $2, 1, $3, $4, '\\x00', now())`, [d, channelId, newId(), teacherId])
  await test.superuser.query(
    `insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at)
     values ($1, $2, $3, $4, 'awaiting-upload', '\\x00', 'application/pdf', 1, $5, now())`,
    [d, newId(), channelId, teacherId, newId()],
  )
  await test.superuser.query(`insert into sessions (district_id, id, token_hash, user_id, expires_at) values ($1, $2, $3, $4, now())`, [
    d,
    newId(),
    randomBytes(32),
    teacherId,
  ])
  await test.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'audit', $3, now())`,
    [d, newId(), teacherId],
  )
  await test.superuser.query(
    `insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input) values ($1, $2, 'w', $3, 'q', '{}')`,
    [d, newId(), newId()],
  )
  await test.superuser.query(`insert into audit_batches values ($1, 1, '\\x00', '\\x00', 0, '{}', '\\x00', now(), '\\x00', '\\x00')`, [d])
  await test.superuser.query(
    `insert into audit_entries (district_id, id, at, actor_kind, actor, action, target_kind, target, details)
     values ($1, $2, now(), 'system', 'a', 'b', 'c', 'd', '{}')`,
    [d, newId()],
  )
  await test.superuser.query(`insert into bad_hashes values ($1, '\\x00', 's', 'e', '1', now())`, [d])
  await test.superuser.query(
    `insert into idempotency_keys (district_id, user_id, key, route, fingerprint, status) values ($1, $2, 'k', 'r', '\\x00', 'done')`,
    [d, teacherId],
  )
  await test.superuser.query(`insert into roster_versions values ($1, 7, now(), 'load', null)`, [d])
  await test.superuser.query(`insert into roster_changes values ($1, 7, $2, 'added', 'user', 'in-feed', 'users.csv', 2, null, '{}')`, [
    d,
    studentId,
  ])
  await test.superuser.query(`insert into access_endings values ($1, 7, $2, $3, $3, 2031, null)`, [d, teacherId, studentId])
  await test.superuser.query(`insert into roster_settlements values ($1, 7, 1, now(), null)`, [d])
  await test.superuser.query(`insert into school_year_ends values ($1, 2020, 1, 0, null)`, [d])
  await test.superuser.query(`insert into school_year_notices values ($1, 2020, $2, null)`, [d, teacherId])
  const auditId = newId()
  await test.superuser.query(`insert into audits values ($1, $2, $3, 'r', now(), now())`, [d, auditId, teacherId])
  await test.superuser.query(`insert into audit_views values ($1, $2, $3, 'search', null, null, '{}', 0, now())`, [d, newId(), auditId])
  const reportId = newId()
  await test.superuser.query(
    `insert into reports select district_id, $2, 'language', null, channel_id, id, null, author_id, 'threat', 'flagged', 1, now() from messages where district_id = $1 limit 1`,
    [d, reportId],
  )
  await test.superuser.query(`insert into report_acts values ($1, $2, $3, 'flagged', null, null, now())`, [d, newId(), reportId])
  await test.superuser.query(`insert into nudge_counts values ($1, current_date, 'nudged', 1)`, [d])
  await test.superuser.query(`insert into district_words values ($1, 'en', 'w', 'nudge')`, [d])
  await test.superuser.query(`insert into read_marks select district_id, id, $2, 0, now() from channels where district_id = $1 limit 1`, [
    d,
    teacherId,
  ])
  await test.superuser.query(
    `insert into translations (district_id, id, message_id, language, source_language, state, created_at, asked_at)
     select district_id, $2, id, 'es', 'en', 'pending', now(), now() from messages where district_id = $1 limit 1`,
    [d, newId()],
  )
  await test.superuser.query(`insert into translation_usage values ($1, date_trunc('month', now()), 1, null, null)`, [d])
  await test.superuser.query(`insert into translation_refusals values ($1, $2, $3, now())`, [d, studentId, teacherId])
  const { sectionId } = district
  await test.superuser.query('insert into section_boards values ($1, $2, 1, now())', [d, sectionId])
  await test.superuser.query(
    `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at)
     values ($1, $2, $3, 1, $4, 'both', '\\x00', 1, current_date, true, now())`,
    [d, newId(), sectionId, teacherId],
  )
  await test.superuser.query(`insert into announcement_reads values ($1, $2, $3, '{[1,2)}', now())`, [d, sectionId, studentId])
  await test.superuser.query(`insert into terms_of_use values ($1, 1, 't', null, now())`, [d])
  await test.superuser.query(`insert into terms_acceptances values ($1, 1, $2, now())`, [d, teacherId])
  await test.superuser.query(`insert into events values ($1, $2, 1, 'notice.added', null, null, $3, null, now())`, [d, newId(), teacherId])
  await test.superuser.query(`insert into notices values ($1, $2, $3, 'message', $4, null, $2, 1, null, now(), null)`, [
    d,
    newId(),
    teacherId,
    channelId,
  ])
  await test.superuser.query(`insert into notice_batches values ($1, $2, 1, true, 1, now(), 0, null, 1, now())`, [d, teacherId])
  await test.superuser.query(`insert into notice_settings values ($1, $2, null, null, null, null, null, null, null)`, [d, teacherId])
  await test.superuser.query(`insert into access_notices values ($1, 7, $2, null)`, [d, teacherId])
  const syncId = newId()
  await test.superuser.query(
    `insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author) values ($1, $2, 'upload', 'queued', 'k', 'client', 'c')`,
    [d, syncId],
  )
  await test.superuser.query(`insert into roster_sync_counts (district_id, sync_id, subject) values ($1, $2, 'user')`, [d, syncId])
  // Of nothing that connects anybody: the district stays as it was.
  await test.superuser.query(`insert into suspensions values ($1, $2, $3, 'user')`, [d, newId(), syncId])
  await test.superuser.query(`insert into roster_sources values ($1, 'users', 'u', now())`, [d])
  await test.superuser.query(`insert into roster_watermarks values ($1, 'users', now())`, [d])
  await test.superuser.query(
    `insert into roster_events values ($1, $2, 'deleted', 'users', 'u', now(), now(), 'client', 'c', 'applied', 1, '\\x00', 0)`,
    [d, newId()],
  )
  await test.superuser.query(`insert into org_roles values ($1, 'r', $2, 's', 'student', null, null)`, [d, studentId])
  await test.superuser.query(`insert into agent_links values ($1, $2, $3)`, [d, studentId, teacherId])
  await test.superuser.query(
    `insert into provider_connections values ($1, $2, $3, $4, $3, current_date - 9, current_date - 8, 1, 2, null)`,
    [d, newId(), teacherId, studentId],
  )
  const clientId = newId()
  await test.superuser.query(
    `insert into api_clients (district_id, id, name, scopes, secret_hash, author_kind, author) values ($1, $2, 'n', '{}', '\\x00', 'person', 'p')`,
    [d, clientId],
  )
  await test.superuser.query(
    `insert into client_tokens (district_id, id, token_hash, client_id, scopes, expires_at) values ($1, $2, $3, $4, '{}', now())`,
    [d, newId(), randomBytes(32), clientId],
  )
  await test.superuser.query(
    `insert into roster_pulls (district_id, id, base_url, token_url, client_id, client_secret, every_hours, bulk_every_days)
     values ($1, $2, 'b', 't', 'c', '\\x00', 24, 7)`,
    [d, newId()],
  )
  await test.superuser.query(`insert into user_upload_usage values ($1, $2, 1, 1, now())`, [d, teacherId])
  await test.superuser.query(`insert into user_translation_usage values ($1, $2, 1, now())`, [d, teacherId])
  await test.superuser.query(`insert into district_upload_usage values ($1, 1, 1, now())`, [d])
  await test.superuser.query(`insert into open_alerts (district_id, dedup_key) values ($1, 'k')`, [d])
  await test.superuser.query(`insert into last_successes (district_id, name) values ($1, 'n')`, [d])
  await test.superuser.query(`insert into keys.data_keys values ($1, 'columns', 1, '\\x00', now(), now(), null)`, [d])
  await test.superuser.query(`insert into keys.object_keys values ($1, $2, 'n', '\\x00', now())`, [d, newId()])
}
