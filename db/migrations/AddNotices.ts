import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What people are noticed of, and how. */
export class AddNotices extends Migration {
  override up(): void {
    this.addSql(`create table notices (
      district_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      kind text not null,
      channel_id uuid,
      section_id uuid,
      subject_id uuid not null,
      batch int not null,
      told_in int,
      created_at timestamptz not null,
      seen_at timestamptz,
      primary key (district_id, id),
      foreign key (district_id, user_id) references users (district_id, id),
      foreign key (district_id, channel_id) references channels (district_id, id),
      foreign key (district_id, section_id) references sections (district_id, id),
      constraint notices_kind_check check (kind in ('message', 'announcement')),
      constraint notices_have_one_place check (num_nonnulls(channel_id, section_id) = 1),
      constraint notices_once unique (district_id, user_id, kind, subject_id)
    )`)
    this.addSql('create index notices_of_batch on notices (district_id, user_id, batch)')
    this.addSql('create index notices_by_age on notices (district_id, created_at)')
    this.addSql(`create table notice_batches (
      district_id uuid not null,
      user_id uuid not null,
      batch int not null,
      is_open boolean not null,
      noticed int not null,
      opened_at timestamptz not null,
      told int not null,
      told_at timestamptz,
      primary key (district_id, user_id),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql(`create table notice_settings (
      district_id uuid not null,
      user_id uuid not null,
      quiet_from int,
      quiet_until int,
      mail_off_at timestamptz,
      refused_email_hash bytea,
      primary key (district_id, user_id),
      foreign key (district_id, user_id) references users (district_id, id),
      constraint notice_settings_quiet_hours check (
        (quiet_from is null) = (quiet_until is null) and quiet_from >= 0 and quiet_from < 1440 and quiet_until >= 0 and quiet_until < 1440)
    )`)
    for (const table of ['notices', 'notice_batches', 'notice_settings']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
    this.addSql(`alter table districts
      add column quiet_from int not null default 1260,
      add column quiet_until int not null default 420`)
    this.addSql(`alter table districts add constraint districts_quiet_hours check (
      quiet_from >= 0 and quiet_from < 1440 and quiet_until >= 0 and quiet_until < 1440)`)
  }
}
