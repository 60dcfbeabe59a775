import { Migration } from '@mikro-orm/migrations'

/** Which run writes an announcement's receipt: one that is lost is asked for again. */
export class WatchScopeReceipts extends Migration {
  override up(): void {
    this.addSql('alter table announcements add column scope_attempt int not null default 1')
    this.addSql('create index announcements_without_receipt on announcements (district_id, id) where scope_computed_at is null')
    this.addSql('create policy sweeper_select on announcements for select to hallpass_sweeper using (true)')
  }
}
