import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** Who of a district reads conversations that are not theirs, why, and every time that they look. */
export class AddAudits extends Migration {
  override up(): void {
    this.addSql(`create table audits (
      district_id uuid not null,
      id uuid not null,
      auditor_id uuid not null,
      reason text not null,
      opened_at timestamptz not null,
      ends_at timestamptz not null,
      primary key (district_id, id),
      foreign key (district_id, auditor_id) references users (district_id, id)
    )`)
    this.addSql(`create table audit_views (
      district_id uuid not null,
      id uuid not null,
      audit_id uuid not null,
      act text not null check (act in ('search', 'read', 'download')),
      channel_id uuid,
      attachment_id uuid,
      filters jsonb not null,
      item_count int not null,
      at timestamptz not null,
      primary key (district_id, id),
      foreign key (district_id, audit_id) references audits (district_id, id),
      foreign key (district_id, channel_id) references channels (district_id, id),
      foreign key (district_id, attachment_id) references attachments (district_id, id)
    )`)
    this.addSql('create index audit_views_of_audit on audit_views (district_id, audit_id, id)')
    this.addSql('create index audit_views_of_channel on audit_views (district_id, channel_id, id) where channel_id is not null')
    this.addSql('create index channels_of_student on channels (district_id, student_id, id)')
    this.addSql(
      'create index messages_not_shown on messages (district_id, channel_id) where hidden_at is not null or withdrawn_at is not null',
    )
    this.addSql(`create index enrollments_ended_teachers on enrollments (district_id, section_id, user_id)
      where until_version is not null and role = 'teacher'`)
    for (const table of ['audits', 'audit_views']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
  }
}
