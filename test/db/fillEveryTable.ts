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
  await test.superuser.query(`insert into user_upload_usage values ($1, $2, 1, 1, now())`, [d, teacherId])
  await test.superuser.query(`insert into district_upload_usage values ($1, 1, 1, now())`, [d])
  await test.superuser.query(`insert into open_alerts (district_id, dedup_key) values ($1, 'k')`, [d])
  await test.superuser.query(`insert into last_successes (district_id, name) values ($1, 'n')`, [d])
  await test.superuser.query(`insert into keys.data_keys values ($1, 'columns', 1, '\\x00', now(), now(), null)`, [d])
  await test.superuser.query(`insert into keys.object_keys values ($1, $2, 'n', '\\x00', now())`, [d, newId()])
}
