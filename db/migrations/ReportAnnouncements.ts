import { Migration } from '@mikro-orm/migrations'

/** Announcements are reported and raise concerns as messages do, and remember that their author was asked once more. */
export class ReportAnnouncements extends Migration {
  override up(): void {
    this.addSql(`alter table reports
      alter column channel_id drop not null,
      alter column message_id drop not null,
      add column announcement_id uuid`)
    this.addSql('alter table reports add foreign key (district_id, announcement_id) references announcements (district_id, id)')
    this.addSql(`alter table reports add constraint reports_of_one_text
      check ((message_id is null) <> (announcement_id is null) and (channel_id is null) = (message_id is null))`)
    this.addSql(`create unique index reports_of_announcement on reports (district_id, announcement_id, reporter_id)
      where attachment_id is null and announcement_id is not null`)
    this.addSql(
      'create index reports_about_announcement on reports (district_id, announcement_id, author_id) where announcement_id is not null',
    )
    this.addSql('alter table announcements add column was_nudged boolean not null default false')
    this.addSql('create index announcements_nudged on announcements (district_id, created_at, id) where was_nudged')
  }
}
