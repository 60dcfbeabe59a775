import type pg from 'pg'

/**
 * Fills a database with a district of a million enrollments beside 2,000 small ones, as superuser and in one go. Ids are made from
 * numbers, so that any row can be named: `toId('user', 7)`.
 */
export const million = {
  district: 1,
  students: 170_000,
  teachers: 10_000,
  sections: 16_000,
  studentsPerSection: 60,
  channels: 100_000,
  messagesOfBusiest: 20_000,
  attachments: 200_000,
  announcements: 160_000,
} as const

const kinds = {
  district: 1,
  school: 2,
  term: 3,
  course: 4,
  section: 5,
  user: 6,
  enrollment: 7,
  guardianship: 8,
  channel: 9,
  message: 10,
  attachment: 11,
  other: 12,
  announcement: 13,
}
export type Kind = keyof typeof kinds

/** The id of the nth row of a kind. */
export const toId = (kind: Kind, n: number): string =>
  `${kinds[kind].toString(16).padStart(8, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

/** The same in SQL. */
const id = (kind: Kind, n: string): string =>
  `('${kinds[kind].toString(16).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`

const d = `'${toId('district', million.district)}'::uuid`
const series = (to: number): string => `generate_series(1, ${to}) n`
const { students, teachers, sections, studentsPerSection, channels, messagesOfBusiest, attachments, announcements } = million
/** Students are users from here on, guardians behind them. */
const firstStudent = teachers
const firstGuardian = teachers + students

export const studentOf = (n: number): string => toId('user', firstStudent + n)

export const guardianOf = (n: number): string => toId('user', firstGuardian + n)

const statements = [
  `insert into districts (id, kind, name, time_zone) select ${id('district', 'n')}, 'district', 'District', 'America/Chicago' from ${series(2_000)}`,
  `insert into schools select ${id('district', 'n')}, ${id('school', 'n')}, 's', 'School' from ${series(2_000)}`,
  `insert into feature_switches select ${id('district', 'n')}, ${id('other', 'n * 8 + f')}, (array['messaging', 'announcements', 'attachments', 'guardians', 'translations'])[1 + f],
    case when n % 2 = 0 then ${id('school', 'n')} end, now(), null, null, null from ${series(2_000)} cross join generate_series(0, 4) f`,
  `insert into terms select ${id('district', 'n / 4 + 1')}, ${id('term', 'n')}, 't' || n, 'Term', current_date - 100, current_date + 100, 2031 from generate_series(0, 7999) n`,
  `insert into courses select ${id('district', 'n')}, ${id('course', 'n')}, 'c', 'Course', null from ${series(2_000)}`,
  `insert into sections select ${d}, ${id('section', 'n')}, 'n' || n, ${id('school', '1')}, ${id('course', '1')}, 'Section' from ${series(sections)}`,
  `insert into section_terms select ${d}, ${id('section', 'n')}, ${id('term', '1')} from ${series(sections)}`,
  `insert into users (district_id, id, sourced_id, role, given_name, family_name) select ${d}, ${id('user', 'n')}, 'u' || n,
    case when n <= ${teachers} then 'teacher' when n <= ${firstGuardian} then 'student' else 'guardian' end, 'Given', 'Family'
    from ${series(firstGuardian + students)}`,
  `insert into enrollments select ${d}, ${id('enrollment', `n`)}, 'e' || n, ${id('user', `${firstStudent} + 1 + (n * 7) % ${students}`)},
    ${id('section', `1 + n % ${sections}`)}, 'student', current_date - 50, null, 1, null from ${series(sections * studentsPerSection)}`,
  `insert into enrollments select ${d}, ${id('enrollment', `${sections * studentsPerSection} + n`)}, 'x' || n, ${id('user', `1 + n % ${teachers}`)},
    ${id('section', `1 + n % ${sections}`)}, 'teacher', current_date - 50, null, 1, null from ${series(sections * 2)}`,
  `insert into enrollments select ${d}, ${id('enrollment', `2000000 + n`)}, 'e' || n, ${id('user', `${firstStudent} + 1 + n`)},
    ${id('section', `1 + n % ${sections}`)}, 'student', current_date - 150, current_date - 60, 0, 1 from ${series(100_000)}`,
  `insert into guardianships select ${d}, ${id('guardianship', 'n')}, ${id('user', `${firstGuardian} + n`)}, ${id('user', `${firstStudent} + n`)},
    'parent', 'permitted', current_date - 50, null, 1, null from ${series(students)}`,
  `insert into provider_connections select ${d}, ${id('other', 'n')}, ${id('user', `1 + n % ${teachers}`)}, ${id('user', `${firstStudent} + n`)},
    ${id('user', '1')}, current_date - 50, current_date + 50, 1, null, null from ${series(50_000)}`,
  `insert into provider_connections (district_id, id, provider_id, section_id, author_id, begins, ends, since_version)
    select ${d}, ${id('other', '1000000 + n')}, ${id('user', `1 + n % ${teachers}`)}, ${id('section', `1 + n % ${sections}`)}, ${id('user', '1')},
    current_date - 5, current_date + 5, 1 from ${series(2_000)}`,
  `insert into roster_versions select ${d}, n, now() - n * interval '1 hour', 'sync', ${id('other', 'n')} from ${series(10_000)}`,
  `insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author, created_at, queued_at)
   select ${d}, ${id('other', 'n')}, 'upload', case when n % 1000 = 0 then 'queued' else 'applied' end, 'feeds/' || n, 'client', 'c',
     now() - n * interval '1 hour', now() from ${series(20_000)}`,
  `insert into roster_sync_counts (district_id, sync_id, subject) select ${d}, ${id('other', 'n')}, 'user' from ${series(20_000)}`,
  `insert into roster_changes select ${d}, 1 + n % 10000, ${id('enrollment', 'n')}, 'added', 'enrollment', 'in-feed', 'enrollments.csv', 2, null, '{}'
    from ${series(300_000)}`,
  `insert into suspensions select ${d}, ${id('enrollment', '1 + n * 17')}, ${id('other', '1')}, 'enrollment' from ${series(20_000)}`,
  `insert into roster_sources select ${d}, 'enrollments', 'e' || n, now() from ${series(100_000)}`,
  `insert into roster_events select ${d}, ${id('other', 'n')}, 'deleted', 'enrollments', 'e' || n, now(), now(), 'client', 'c', 'applied', 1, '\\x00', 0 from ${series(100_000)}`,
  `insert into access_endings select ${d}, 1 + n % 10000, ${id('user', `1 + n % ${teachers}`)}, ${id('user', `${firstStudent} + n`)},
    ${id('user', `${firstStudent} + n`)}, 2031, case when n % 1000 > 0 then now() end from ${series(100_000)}`,
  `insert into access_notices select ${d}, 1 + n % 10000, ${id('user', 'n')}, case when n % 1000 > 0 then now() end from ${series(100_000)}`,
  `insert into roster_settlements select ${d}, n, 1, now(), case when n % 1000 > 0 then now() end from ${series(10_000)}`,
  `insert into school_year_ends select ${d}, 1000 + n, 1, 0, now() from ${series(2_000)}`,
  `insert into school_year_ends select ${id('district', 'n')}, year, 1, 0, now() from ${series(2_000)}, generate_series(3001, 3020) year`,
  `insert into school_year_notices select ${d}, 1001 + n % 2000, ${id('user', 'n')}, case when n % 1000 > 0 then now() end from ${series(100_000)}`,
  `insert into org_roles select ${d}, 'r' || n, ${id('user', 'n')}, 's',
    case when n <= ${teachers} then 'teacher' else 'student' end, null, null from ${series(200_000)}`,
  `insert into agent_links select ${d}, ${id('user', `${firstStudent} + n`)}, ${id('user', `${firstGuardian} + n`)} from ${series(students)}`,
  // Channel n: the first teacher of the student's section, half of them with the guardian.
  `insert into channels select ${d}, ${id('channel', 'n')}, ${id('user', `1 + n % ${teachers}`)},
    ${id('user', `case when n % 2 = 0 then ${firstStudent} else ${firstGuardian} end + 1 + (n * 7) % ${students}`)},
    ${id('user', `${firstStudent} + 1 + (n * 7) % ${students}`)}, 2031, case when n = 1 then ${messagesOfBusiest} else 0 end, now(), null, now()
    from ${series(channels)}`,
  `insert into read_marks select ${d}, ${id('channel', 'n')}, ${id('user', `1 + n % ${teachers}`)}, 0, now() from ${series(channels)}`,
  `insert into terms_of_use select ${id('district', 'n')}, version, 'text', null, now() from ${series(2_000)}, generate_series(1, 5) version`,
  `insert into terms_acceptances select ${d}, version, ${id('user', 'n')}, now() from ${series(100_000)}, generate_series(3, 5) version`,
  `insert into messages select ${d}, ${id('channel', '1')}, n, ${id('message', 'n')}, ${id('user', '2')}, '\\x00', now() from ${series(messagesOfBusiest)}`,
  `insert into messages select ${d}, ${id('channel', `1 + n % ${channels}`)}, 1000000 + n, ${id('message', '1000000 + n')}, ${id('user', '2')}, '\\x00', now() from ${series(200_000)}`,
  `insert into attachments (district_id, id, channel_id, uploader_id, message_id, position, state, verdict, file_name, content_type, bytes, incoming_key,
     sha256, database_version, clean_key, clean_bytes, clean_content_type, quarantine_key, purge_after, ticket_expires_at, upload_completed_at)
   select ${d}, ${id('attachment', 'n')}, ${id('channel', `1 + n % ${channels}`)}, ${id('user', `1 + (1 + n % ${channels}) % ${teachers}`)},
     case when n % 3 = 0 then ${id('message', '1000000 + n')} end, case when n % 3 = 0 then 0 end,
     case when n % 1000 = 1 then 'awaiting-upload' when n % 1000 = 2 then 'scanning' when n % 1000 = 3 then 'quarantined' else 'clean' end,
     case when n % 1000 = 3 then 'infected' when n % 1000 not in (1, 2) then 'clean' end,
     '\\x00', 'application/pdf', 1, 'in/' || n,
     sha256(n::text::bytea), '27000', case when n % 1000 not in (1, 2, 3) then 'clean/' || n end, 1, 'application/pdf',
     case when n % 1000 = 3 then 'bad/' || n end, case when n % 1000 = 3 then now() end, now() - interval '1 hour', now() - interval '1 hour'
   from ${series(attachments)}`,
  `insert into section_boards select ${d}, ${id('section', 'n')}, 10, now() from ${series(sections)}`,
  // Of each section's first teacher; the tenth part of it hidden, and some of long ago.
  `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at, hidden_at, hidden_by,
     scope_count, scope_root, scope_computed_at)
   select ${d}, ${id('announcement', 'n')}, ${id('section', `1 + n % ${sections}`)}, 1 + n / ${sections}, ${id('user', `1 + (n % ${sections}) % ${teachers}`)},
     'both', '\\x00', 1, current_date, true, now() - n * interval '1 minute', case when n % 10 = 0 then now() end, case when n % 10 = 0 then ${id('user', '1')} end,
     case when n % 1000 > 0 then 1 end, case when n % 1000 > 0 then '\\x00'::bytea end, case when n % 1000 > 0 then now() end
   from ${series(announcements)}`,
  `insert into announcement_reads select ${d}, ${id('section', `1 + n % ${sections}`)}, ${id('user', `${firstStudent} + 1 + (n * 7) % ${students}`)}, '{[1,4)}', now()
   from ${series(sections * 10)} on conflict do nothing`,
  `insert into attachments (district_id, id, section_id, announcement_id, position, uploader_id, state, verdict, file_name, content_type, bytes, incoming_key,
     clean_key, clean_bytes, clean_content_type, ticket_expires_at)
   select ${d}, ${id('attachment', `1000000 + n`)}, ${id('section', `1 + n % ${sections}`)}, ${id('announcement', 'n')}, 0, ${id('user', `1 + (n % ${sections}) % ${teachers}`)},
     'clean', 'clean', '\\x00', 'application/pdf', 1, 'in/a' || n, 'clean/a' || n, 1, 'application/pdf', now() from ${series(50_000)}`,
  `insert into events select ${d}, ${id('other', 'n')}, n, 'message.posted', ${id('channel', `1 + n % ${channels}`)}, null, null, ${id('message', 'n')},
    now() - interval '1 hour' from ${series(200_000)}`,
  `insert into notices select ${d}, ${id('other', 'n')}, ${id('user', `1 + n % ${teachers}`)}, 'message', ${id('channel', `1 + n % ${channels}`)}, null,
    ${id('message', '1000000 + n')}, 1 + n / ${teachers}, null, now() - interval '1 hour', null from ${series(200_000)}`,
  `insert into notice_batches select ${d}, ${id('user', 'n')}, 3, true, 1, now(), 0, null, 1, case when n % 1000 > 0 then now() + interval '1 hour' else now() - interval '1 hour' end from ${series(100_000)}`,
  `insert into notice_settings select ${d}, ${id('user', 'n')}, null, null, null, case when n % 1000 = 0 then '\\x01'::bytea end, null, null, null from ${series(100_000)}`,
  `insert into translations (district_id, id, message_id, language, source_language, state, reason, body, provider, characters, created_at, asked_at, finished_at)
   select ${d}, ${id('other', 'n')}, ${id('message', '1000000 + n')}, language, 'en', state, case when state = 'failed' then 'unavailable' end,
     case when state = 'done' then '\\x00'::bytea end, case when state = 'done' then 'p' end, 1, now(), now() - interval '1 hour', case when state <> 'pending' then now() end
   from ${series(200_000)} cross join lateral (
     select case when n % 1000 = 1 then 'pending' when n % 1000 = 2 then 'failed' else 'done' end as state, case when n % 2 = 0 then 'es' else 'vi' end as language) one`,
  `insert into translations (district_id, id, announcement_id, language, source_language, state, body, provider, characters, created_at, asked_at, finished_at)
   select ${d}, ${id('other', '1000000 + n')}, ${id('announcement', 'n')}, 'es', 'en', 'done', '\\x00'::bytea, 'p', 1, now(), now(), now() from ${series(100_000)}`,
  `insert into translation_usage select ${id('district', 'n')}, month, 1, null, null from ${series(2_000)}, generate_series(date_trunc('month', now()) - interval '11 months', now(), interval '1 month') month`,
  `insert into translation_refusals select ${d}, ${id('user', `${firstStudent} + n`)}, ${id('user', `${firstGuardian} + n`)}, now() from ${series(20_000)}`,
  `insert into bad_hashes select ${d}, sha256(n::text::bytea), 's', 'e', '1', now() from ${series(100_000)}`,
  `insert into user_upload_usage select ${d}, ${id('user', 'n')}, 1, 1, now() from ${series(100_000)}`,
  `insert into user_translation_usage select ${d}, ${id('user', 'n')}, 1, now() from ${series(100_000)}`,
  `insert into district_upload_usage select ${id('district', 'n')}, 1, 1, now() from ${series(2_000)}`,
  `insert into api_clients (district_id, id, name, scopes, secret_hash, author_kind, author, ended_at)
   select ${id('district', 'n')}, ${id('other', 'n')}, 'n', array['roster.write'], sha256(n::text::bytea), 'person', 'p', null from ${series(2_000)}`,
  `insert into api_clients (district_id, id, name, scopes, secret_hash, author_kind, author, ended_at)
   select ${d}, ${id('other', '10000 + n')}, 'n', array['roster.write'], sha256(n::text::bytea), 'person', 'p', now() from ${series(5_000)}`,
  `insert into client_tokens select ${d}, ${id('other', 'n')}, sha256(n::text::bytea), ${id('other', '1')}, array['roster.write'], now(),
     now() + interval '1 hour' from ${series(100_000)}`,
  `insert into roster_pulls (district_id, id, base_url, token_url, client_id, client_secret, every_hours, bulk_every_days, started_at, ended_at)
   select ${id('district', 'n')}, ${id('other', 'n')}, 'b', 't', 'c', '\\x00', 24, 7, now(), now() from ${series(2_000)}`,
  `insert into sessions select ${d}, ${id('other', 'n')}, sha256(n::text::bytea), ${id('user', 'n')}, now(), now() + interval '1 hour', null from ${series(100_000)}`,
  `insert into grants select ${d}, ${id('other', 'n')}, ${id('user', 'n')}, 'audit', ${id('user', '1')}, now(), null from ${series(20_000)}`,
  `insert into audits select ${d}, ${id('other', 'n')}, ${id('user', '1 + n')}, 'a reason', now(), now() + interval '1 hour' from ${series(20_000)}`,
  `insert into audit_views select ${d}, ${id('other', 'n')}, ${id('other', '1 + n % 20000')}, 'read', ${id('channel', '1 + n % 100000')}, null, '{}', 1, now() from ${series(200_000)}`,
  `insert into grants select ${d}, ${id('other', '100000 + n')}, ${id('user', 'n')}, 'safety', ${id('user', '1')}, now(), null from ${series(20)}`,
  `insert into reports select ${d}, ${id('other', 'n')}, 'person', ${id('user', '1 + n % 10000')}, ${id('channel', `1 + n % ${channels}`)},
     ${id('message', '1000000 + n')}, null, ${id('user', '2 + n % 500')}, 'threat', case when n % 1000 > 0 then 'resolved' else 'flagged' end, 1, now() from ${series(100_000)}`,
  `insert into reports (district_id, id, origin, reporter_id, announcement_id, author_id, category, state, attempt, created_at)
   select ${d}, ${id('other', '200000 + n')}, 'person', ${id('user', '1 + n % 10000')}, ${id('announcement', 'n')}, ${id('user', '2 + n % 500')}, 'threat',
     'resolved', 1, now() from ${series(20_000)}`,
  `insert into nudge_counts select ${d}, current_date - n, 'nudged', 1 from ${series(2_000)}`,
  `insert into nudge_counts select ${id('district', 'n')}, day, 'nudged', 1 from ${series(2_000)}, unnest(array[current_date - 5000, current_date - 4999]) day`,
  `insert into district_words select ${id('district', 'n')}, 'en', 'w' || k, 'nudge' from ${series(2_000)}, generate_series(1, 20) k`,
  `insert into report_acts select ${d}, ${id('other', 'n')}, ${id('other', '1 + n % 100000')}, 'looked', ${id('user', '1')}, null, now() from ${series(200_000)}`,
  `insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input, created_at, started_at)
   select ${d}, ${id('other', 'n')}, 'scanAttachment', 'scan:' || n, 'attachments', '{}', now() - interval '1 hour', case when n % 1000 > 0 then now() end
   from ${series(200_000)}`,
  `insert into audit_batches select ${d}, n, '\\x00', '\\x00', 0, '{}', '\\x00', now(), '\\x00', '\\x00' from ${series(2_000)}`,
  `insert into audit_entries select ${d}, ${id('other', 'n')}, now(), 'user', 'u', 'a', 'k', 't', null, '{}', case when n % 1000 > 0 then 1 + n % 2000 end
   from ${series(300_000)}`,
  `insert into idempotency_keys select ${d}, ${id('user', '1 + n % 10000')}, 'k' || n, 'r', '\\x00', 'done', 'message', ${id('message', 'n')}, now() from ${series(100_000)}`,
  `insert into keys.data_keys select ${id('district', 'n')}, p, 1, '\\x00', now(), now(), null from ${series(2_000)}, unnest(array['columns', 'lookup']) p`,
  `insert into keys.object_keys select ${d}, 'clean/' || n, 'district/1', '\\x00', now() from ${series(attachments)}`,
]

export const fillMillion = async (client: pg.Client): Promise<void> => {
  // Foreign keys and the guards of the audit log are off for this connection: the rows fit by how they are made.
  await client.query('set session_replication_role = replica')
  for (const statement of statements) await client.query(statement)
  await client.query('set session_replication_role = default')
  await client.query('vacuum analyze')
}
