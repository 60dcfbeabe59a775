import { Migration } from '@mikro-orm/migrations'

/** When a batch's run is to have looked again at the latest, so that one that lost its run is found within minutes, and which run sees to it. */
export class WatchNoticeBatches extends Migration {
  override up(): void {
    this.addSql(`alter table notice_batches
      add column attempt int not null default 1,
      add column due_at timestamptz not null default clock_timestamp()`)
    this.addSql('create index notice_batches_due on notice_batches (due_at) where is_open')
    this.addSql('create policy sweeper_select on notice_batches for select to hallpass_sweeper using (true)')
  }
}
