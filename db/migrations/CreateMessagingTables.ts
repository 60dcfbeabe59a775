import { Migration } from '@mikro-orm/migrations'

/** Channels, messages and attachments. */
export class CreateMessagingTables extends Migration {
  override up(): void {
    this.addSql(`create table channels (
      district_id uuid not null,
      id uuid not null,
      teacher_id uuid not null,
      participant_id uuid not null,
      student_id uuid not null,
      school_year int not null,
      last_seq int not null default 0,
      last_message_at timestamptz,
      closed_at timestamptz,
      created_at timestamptz not null default now(),
      primary key (district_id, id)
    )`)
    this.addSql(`create index channels_of_participant on channels (district_id, participant_id, student_id, teacher_id)`)
    this.addSql(
      `alter table channels add constraint channels_of_teacher unique (district_id, teacher_id, participant_id, student_id, school_year)`,
    )
    this.addSql(`create table messages (
      district_id uuid not null,
      channel_id uuid not null,
      seq int not null,
      id uuid not null,
      author_id uuid not null,
      body bytea not null,
      created_at timestamptz not null,
      primary key (district_id, channel_id, seq)
    )`)
    this.addSql(`alter table messages add constraint messages_id_unique unique (district_id, id)`)
    this.addSql(`create table attachments (
      district_id uuid not null,
      id uuid not null,
      channel_id uuid not null,
      uploader_id uuid not null,
      message_id uuid,
      position int,
      state text not null,
      attempt int not null default 1,
      file_name bytea not null,
      content_type text not null,
      bytes int not null,
      incoming_key text not null,
      incoming_version_id text,
      sha256 bytea,
      sniffed_type text,
      verdict text,
      refusal_reason text,
      signature text,
      engine text,
      database_version text,
      clean_key text,
      clean_bytes int,
      clean_content_type text,
      quarantine_key text,
      purge_after timestamptz,
      created_at timestamptz not null default now(),
      ticket_expires_at timestamptz not null,
      upload_completed_at timestamptz,
      scanned_at timestamptz,
      ended_at timestamptz,
      primary key (district_id, id)
    )`)
    this.addSql(`create index attachments_of_channel on attachments (district_id, channel_id, id)`)
    this.addSql(`create index attachments_of_message on attachments (district_id, message_id, position) where message_id is not null`)
    this.addSql(`create index attachments_clean_key on attachments (clean_key) where clean_key is not null`)
    this.addSql(`create index attachments_quarantine_key on attachments (quarantine_key) where quarantine_key is not null`)
    this.addSql(`create index attachments_awaiting_upload on attachments (ticket_expires_at) where state = 'awaiting-upload'`)
    this.addSql(`create index attachments_scanning on attachments (upload_completed_at) where state = 'scanning'`)
    this.addSql(`create index attachments_to_purge on attachments (purge_after) where quarantine_key is not null`)
    this.addSql(`alter table attachments add constraint attachments_incoming_key_unique unique (incoming_key)`)
    this.addSql(`alter table attachments
      add constraint attachments_state_check check (state in (
        'awaiting-upload', 'scanning', 'clean', 'quarantined', 'refused', 'expired', 'failed', 'deleted'
      ))`)
    this.addSql(`alter table attachments
      add constraint attachments_verdict_check check (verdict in ('clean', 'infected', 'unscannable'))`)
    this.addSql(`alter table attachments
      add constraint attachments_refusal_reason_check check (refusal_reason in (
        'empty', 'too-large', 'type-not-allowed', 'type-mismatch', 'encrypted', 'engine-limits', 'image-unreadable',
        'image-too-many-pixels', 'text-not-utf8', 'macros', 'media-unreadable', 'document-unreadable', 'active-content'
      ))`)
    // `is true`, since a check that is null passes: an absent verdict proves nothing.
    this.addSql(`alter table attachments
      add constraint attachments_clean_is_proven check (state <> 'clean' or (verdict = 'clean' and clean_key is not null) is true)`)
    this.addSql(`alter table attachments
      add constraint attachments_quarantined_is_infected check (state <> 'quarantined' or (verdict = 'infected') is true)`)
    this.addSql(`alter table attachments
      add constraint attachments_refused_has_reason
      check (state <> 'refused' or (verdict = 'unscannable' and refusal_reason is not null) is true)`)
  }
}
