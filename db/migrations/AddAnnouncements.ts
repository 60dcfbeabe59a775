import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What teachers say to their sections, its files, who has read it, and the receipt of who could. */
export class AddAnnouncements extends Migration {
  override up(): void {
    this.addSql(`create table section_boards (
      district_id uuid not null,
      section_id uuid not null,
      last_seq int not null,
      last_at timestamptz not null,
      primary key (district_id, section_id),
      foreign key (district_id, section_id) references sections (district_id, id)
    )`)
    this.addSql(`create table announcements (
      district_id uuid not null,
      id uuid not null,
      section_id uuid not null,
      seq int not null,
      author_id uuid not null,
      recipients text not null check (recipients in ('students', 'guardians', 'both')),
      body bytea not null,
      roster_version bigint not null,
      day date not null,
      has_guardians boolean not null,
      created_at timestamptz not null,
      hidden_at timestamptz,
      hidden_by uuid,
      withdrawn_at timestamptz,
      withdrawn_after_readers int,
      scope_count int,
      scope_root bytea,
      scope_computed_at timestamptz,
      primary key (district_id, id),
      constraint announcements_of_board unique (district_id, section_id, seq),
      constraint announcements_hidden_by_somebody check ((hidden_at is null) = (hidden_by is null)),
      constraint announcements_withdrawn_is_counted check ((withdrawn_at is null) = (withdrawn_after_readers is null)),
      constraint announcements_receipt_is_whole
        check ((scope_computed_at is null) = (scope_count is null) and (scope_computed_at is null) = (scope_root is null)),
      foreign key (district_id, section_id) references sections (district_id, id),
      foreign key (district_id, author_id) references users (district_id, id),
      foreign key (district_id, hidden_by) references users (district_id, id)
    )`)
    this.addSql('create index announcements_of_section on announcements (district_id, section_id, created_at, id)')
    this.addSql('create index announcements_of_author on announcements (district_id, author_id, id)')
    this.addSql('create index announcements_by_time on announcements (district_id, created_at, id)')
    // Who was in a section, and whose guardian somebody was, is asked of any version.
    this.addSql('drop index enrollments_ended_teachers')
    this.addSql(`create index enrollments_ended_of_section on enrollments (district_id, section_id, role, user_id)
      where until_version is not null`)
    this.addSql('create index guardianships_ended_of_student on guardianships (district_id, student_id) where until_version is not null')
    this.addSql(`create table announcement_reads (
      district_id uuid not null,
      section_id uuid not null,
      user_id uuid not null,
      seqs int4multirange not null,
      read_at timestamptz not null,
      primary key (district_id, section_id, user_id),
      foreign key (district_id, section_id) references sections (district_id, id),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql(`alter table attachments
      alter column channel_id drop not null,
      add column section_id uuid,
      add column announcement_id uuid`)
    this.addSql(`alter table attachments
      add constraint attachments_of_one_place check (
        (channel_id is null) <> (section_id is null)
        and (message_id is null or channel_id is not null) and (announcement_id is null or section_id is not null))`)
    this.addSql('alter table attachments add foreign key (district_id, section_id) references sections (district_id, id)')
    this.addSql('alter table attachments add foreign key (district_id, announcement_id) references announcements (district_id, id)')
    this.addSql(`create index attachments_of_announcement on attachments (district_id, announcement_id, position)
      where announcement_id is not null`)
    this.addSql('alter table audit_views add column announcement_id uuid')
    this.addSql('alter table audit_views add foreign key (district_id, announcement_id) references announcements (district_id, id)')
    for (const table of ['section_boards', 'announcements', 'announcement_reads']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
  }
}
