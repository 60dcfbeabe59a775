import { Migration } from '@mikro-orm/migrations'

/** Lets the sweeper see, before their district is known, which feeds never came and which syncs wait. */
export class AddSyncSweep extends Migration {
  override up(): void {
    this.addSql('create policy sweeper_select on roster_syncs for select to hallpass_sweeper using (true)')
    this.addSql(`create index roster_syncs_unended on roster_syncs (id) where state in ('awaiting-upload', 'queued', 'running')`)
  }
}
