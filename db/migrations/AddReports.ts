import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** Reports of messages and files, what became of them, and who may look at them. */
export class AddReports extends Migration {
  override up(): void {
    this.addSql('alter table grants drop constraint grants_permission_check')
    this.addSql(`alter table grants add constraint grants_permission_check check (permission in ('administer', 'audit', 'safety'))`)
    this.addSql(`create index grants_safety on grants (district_id, user_id) where permission = 'safety'`)
    this.addSql(`create table reports (
      district_id uuid not null,
      id uuid not null,
      origin text not null check (origin in ('person', 'language')),
      reporter_id uuid,
      channel_id uuid not null,
      message_id uuid not null,
      attachment_id uuid,
      author_id uuid not null,
      category text not null check (category in ('self-harm', 'abuse', 'threat', 'grooming', 'bullying', 'sexual', 'other')),
      state text not null check (state in ('flagged', 'resolved', 'no-issue', 'reopened')),
      attempt int not null,
      created_at timestamptz not null,
      primary key (district_id, id),
      constraint reports_person_reports check ((origin = 'person') = (reporter_id is not null)),
      foreign key (district_id, reporter_id) references users (district_id, id),
      foreign key (district_id, channel_id) references channels (district_id, id),
      foreign key (district_id, message_id) references messages (district_id, id),
      foreign key (district_id, attachment_id) references attachments (district_id, id),
      foreign key (district_id, author_id) references users (district_id, id)
    )`)
    this.addSql('create unique index reports_of_message on reports (district_id, message_id, reporter_id) where attachment_id is null')
    this.addSql(
      'create unique index reports_of_attachment on reports (district_id, attachment_id, reporter_id) where attachment_id is not null',
    )
    this.addSql('create index reports_of_state on reports (district_id, state, id)')
    this.addSql('create index reports_of_channel on reports (district_id, channel_id, author_id)')
    this.addSql(`create table report_acts (
      district_id uuid not null,
      id uuid not null,
      report_id uuid not null,
      act text not null check (act in ('flagged', 'resolved', 'no-issue', 'reopened', 'looked', 'downloaded')),
      actor_id uuid,
      note text,
      at timestamptz not null,
      primary key (district_id, id),
      foreign key (district_id, report_id) references reports (district_id, id),
      foreign key (district_id, actor_id) references users (district_id, id)
    )`)
    this.addSql('create index report_acts_of_report on report_acts (district_id, report_id, id)')
    for (const table of ['reports', 'report_acts']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
  }
}
