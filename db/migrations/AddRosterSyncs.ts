import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`
const subjects = `'school', 'term', 'course', 'section', 'user', 'org-role', 'enrollment', 'guardianship', 'provider-connection'`
const roles = `'teacher', 'aide', 'staff', 'guardian', 'student'`
const authorKinds = `'person', 'client', 'schedule', 'operator'`

/** What a roster that changes needs: feeds and what became of them, versions and changes, sources, suspensions, receipts, and connections of the district's own. */
export class AddRosterSyncs extends Migration {
  override up(): void {
    this.growRoster()
    this.addRawRoster()
    this.addSyncs()
    this.addHistory()
    this.addConnections()
  }

  /** Rows of before are changed past the wall, which stands for the owner too. */
  private growRoster(): void {
    this.addSql(`alter table districts
      add column brake_percent int not null default 10,
      add column brake_rows int not null default 25,
      add column custody_column text,
      add column custody_permitted text[] not null default '{}',
      add column custody_denied text[] not null default '{}',
      add column roster_late_after_hours int not null default 36`)
    this.addSql(`alter table districts add constraint districts_brake_check
      check (brake_percent >= 0 and brake_percent <= 100 and brake_rows >= 0)`)
    this.addSql(`alter table schools add column type text not null default 'school', add column is_active boolean not null default true`)
    this.addSql(`alter table schools add constraint schools_type_check
      check (type in ('school', 'district', 'department', 'local', 'state', 'national', 'other'))`)
    for (const table of ['terms', 'courses', 'sections'])
      this.addSql(`alter table ${table} add column is_active boolean not null default true`)
    for (const table of ['enrollments', 'guardianships']) this.addSql(`alter table ${table} alter column begins drop not null`)

    this.addSql(`alter table users no force row level security`)
    this.addSql(`alter table users drop constraint users_role_check`)
    this.addSql(`update users set role = 'staff' where role = 'administrator'`)
    this.addSql(`alter table users add column custody text not null default 'unknown'`)
    this.addSql(`alter table users add constraint users_role_check check (role in (${roles}))`)
    this.addSql(`alter table users add constraint users_custody_check check (custody in ('permitted', 'denied', 'unknown'))`)
    this.addSql(`alter table users force row level security`)

    this.addSql(`create table section_terms (
      district_id uuid not null,
      section_id uuid not null,
      term_id uuid not null,
      primary key (district_id, section_id, term_id),
      foreign key (district_id, section_id) references sections (district_id, id),
      foreign key (district_id, term_id) references terms (district_id, id)
    )`)
    this.addSql(`alter table sections no force row level security`)
    this.addSql(`insert into section_terms (district_id, section_id, term_id) select district_id, id, term_id from sections`)
    this.addSql(`alter table sections drop column term_id`)
    this.addSql(`alter table sections force row level security`)
    this.raiseWall('section_terms')
  }

  /** Lines of feeds whose meaning hangs on other lines: what is derived from them is derived anew when one changes. */
  private addRawRoster(): void {
    this.addSql(`create table org_roles (
      district_id uuid not null,
      sourced_id text not null,
      user_id uuid not null,
      org_sourced_id text not null,
      role text not null,
      begins date,
      ends date,
      primary key (district_id, sourced_id),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql(`alter table org_roles add constraint org_roles_role_check check (role in (${roles}))`)
    this.addSql(`create index org_roles_of_user on org_roles (district_id, user_id)`)
    this.addSql(`create table agent_links (
      district_id uuid not null,
      user_id uuid not null,
      agent_id uuid not null,
      primary key (district_id, user_id, agent_id),
      foreign key (district_id, user_id) references users (district_id, id),
      foreign key (district_id, agent_id) references users (district_id, id)
    )`)
    this.addSql(`create index agent_links_of_agent on agent_links (district_id, agent_id)`)
    this.addSql(`create table roster_sources (
      district_id uuid not null,
      file text not null,
      sourced_id text not null,
      source_at timestamptz not null,
      primary key (district_id, file, sourced_id),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`create table roster_watermarks (
      district_id uuid not null,
      file text not null,
      bulk_at timestamptz not null,
      primary key (district_id, file),
      foreign key (district_id) references districts (id)
    )`)
    for (const table of ['org_roles', 'agent_links', 'roster_sources', 'roster_watermarks']) this.raiseWall(table)
  }

  private addSyncs(): void {
    this.addSql(`create table roster_syncs (
      district_id uuid not null,
      id uuid not null,
      origin text not null,
      state text not null,
      is_dry_run boolean not null default false,
      attempt int not null default 1,
      source_at timestamptz,
      object_key text not null,
      object_version_id text,
      bytes bigint,
      author_kind text not null,
      author text not null,
      created_at timestamptz not null default now(),
      ticket_expires_at timestamptz,
      queued_at timestamptz,
      started_at timestamptz,
      ended_at timestamptz,
      roster_version bigint,
      feed_version text,
      fault_code text,
      fault_file text,
      fault_line int,
      fault_column int,
      reject_count int not null default 0,
      rejects_key text,
      changes_key text,
      ending_count int not null default 0,
      removals text,
      decided_at timestamptz,
      decided_by uuid,
      escalated_at timestamptz,
      primary key (district_id, id),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`alter table roster_syncs add constraint roster_syncs_origin_check check (origin in ('upload', 'pull', 'operator'))`)
    this
      .addSql(`alter table roster_syncs add constraint roster_syncs_state_check check (state in ('awaiting-upload', 'queued', 'running', 'applied',
      'unchanged', 'partly-applied', 'previewed', 'unreadable', 'stale', 'failed', 'expired'))`)
    this.addSql(`alter table roster_syncs add constraint roster_syncs_author_kind_check check (author_kind in (${authorKinds}))`)
    this.addSql(`alter table roster_syncs add constraint roster_syncs_removals_check
      check (removals in ('waiting', 'approving', 'approved', 'discarding', 'discarded'))`)
    this.addSql(`create index roster_syncs_newest on roster_syncs (district_id, created_at, id)`)
    this.addSql(`create index roster_syncs_open on roster_syncs (district_id, queued_at, id) where state in ('queued', 'running')`)
    this.addSql(`create table roster_sync_counts (
      district_id uuid not null,
      sync_id uuid not null,
      subject text not null,
      lines int not null default 0,
      taken int not null default 0,
      rejected int not null default 0,
      left_out int not null default 0,
      added int not null default 0,
      changed int not null default 0,
      removed int not null default 0,
      suspended int not null default 0,
      restored int not null default 0,
      active int not null default 0,
      primary key (district_id, sync_id, subject),
      foreign key (district_id, sync_id) references roster_syncs (district_id, id)
    )`)
    this.addSql(`alter table roster_sync_counts add constraint roster_sync_counts_subject_check check (subject in (${subjects}))`)
    this.addSql(`create table suspensions (
      district_id uuid not null,
      subject_id uuid not null,
      sync_id uuid not null,
      subject text not null,
      primary key (district_id, subject_id, sync_id),
      foreign key (district_id, sync_id) references roster_syncs (district_id, id)
    )`)
    this.addSql(`alter table suspensions add constraint suspensions_subject_check check (subject in (${subjects}))`)
    this.addSql(`create index suspensions_of_sync on suspensions (district_id, sync_id)`)
    this.addSql(`create table roster_events (
      district_id uuid not null,
      id uuid not null,
      action text not null,
      file text not null,
      sourced_id text not null,
      source_at timestamptz not null,
      received_at timestamptz not null default now(),
      author_kind text not null,
      author text not null,
      outcome text not null,
      roster_version bigint,
      primary key (district_id, id),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`alter table roster_events add constraint roster_events_action_check check (action in ('created', 'updated', 'deleted'))`)
    this.addSql(`alter table roster_events add constraint roster_events_author_kind_check check (author_kind in (${authorKinds}))`)
    this.addSql(`alter table roster_events add constraint roster_events_outcome_check check (outcome in ('applied', 'unchanged', 'stale'))`)
    this.addSql(`create index roster_events_newest on roster_events (district_id, received_at, id)`)
    for (const table of ['roster_syncs', 'roster_sync_counts', 'suspensions', 'roster_events']) this.raiseWall(table)
  }

  private addHistory(): void {
    this.addSql(`create table roster_versions (
      district_id uuid not null,
      version bigint not null,
      at timestamptz not null default clock_timestamp(),
      cause text not null,
      cause_id uuid,
      primary key (district_id, version),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`alter table roster_versions add constraint roster_versions_cause_check
      check (cause in ('load', 'sync', 'event', 'removal', 'connection'))`)
    this.addSql(`create index roster_versions_at on roster_versions (district_id, at)`)
    this.addSql(`create table roster_changes (
      district_id uuid not null,
      version bigint not null,
      subject_id uuid not null,
      change text not null,
      subject text not null,
      reason text not null,
      file text,
      line int,
      before jsonb,
      after jsonb,
      primary key (district_id, version, subject_id, change),
      foreign key (district_id, version) references roster_versions (district_id, version)
    )`)
    this.addSql(`alter table roster_changes add constraint roster_changes_change_check
      check (change in ('added', 'changed', 'removed', 'suspended', 'restored'))`)
    this.addSql(`alter table roster_changes add constraint roster_changes_subject_check check (subject in (${subjects}))`)
    this
      .addSql(`alter table roster_changes add constraint roster_changes_reason_check check (reason in ('in-feed', 'to-be-deleted', 'absent-from-bulk',
      'school-removed', 'links-changed', 'removal-approved', 'removal-discarded', 'by-district'))`)
    this.addSql(`create index roster_changes_of_subject on roster_changes (district_id, subject_id, version)`)
    this.addSql(`create table access_endings (
      district_id uuid not null,
      version bigint not null,
      teacher_id uuid not null,
      participant_id uuid not null,
      student_id uuid not null,
      school_year int not null,
      settled_at timestamptz,
      primary key (district_id, version, teacher_id, participant_id, student_id),
      foreign key (district_id, version) references roster_versions (district_id, version),
      foreign key (district_id, teacher_id) references users (district_id, id),
      foreign key (district_id, participant_id) references users (district_id, id),
      foreign key (district_id, student_id) references users (district_id, id)
    )`)
    this.addSql(`create index access_endings_open on access_endings (district_id, version) where settled_at is null`)
    for (const table of ['roster_versions', 'roster_changes', 'access_endings']) this.raiseWall(table)
  }

  private addConnections(): void {
    this.addSql(`create table provider_connections (
      district_id uuid not null,
      id uuid not null,
      provider_id uuid not null,
      student_id uuid not null,
      author_id uuid not null,
      begins date not null,
      ends date not null,
      since_version bigint not null,
      until_version bigint,
      ended_by uuid,
      primary key (district_id, id),
      foreign key (district_id, provider_id) references users (district_id, id),
      foreign key (district_id, student_id) references users (district_id, id),
      foreign key (district_id, author_id) references users (district_id, id)
    )`)
    for (const [name, columns] of [
      ['provider_connections_of_provider', 'provider_id, student_id'],
      ['provider_connections_of_student', 'student_id, provider_id'],
    ])
      this.addSql(`create index ${name} on provider_connections (district_id, ${columns}) where until_version is null`)
    this.raiseWall('provider_connections')
  }

  private raiseWall(table: string): void {
    this.addSql(`alter table ${table} enable row level security`)
    this.addSql(`alter table ${table} force row level security`)
    this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
  }
}
