import { Migration } from '@mikro-orm/migrations'

/** Lets on-call see how far each file has come, before its district is known, and find one file, its bad ends and what was done to it. */
export class OpenOncallWindows extends Migration {
  override up(): void {
    this.addSql('create policy oncall_select on attachments for select to hallpass_oncall using (true)')
    this.addSql('create policy oncall_select on outbox for select to hallpass_oncall using (true)')
    this.addSql('create policy oncall_select on bad_hashes for select to hallpass_oncall using (true)')
    this.addSql('create index attachments_by_id on attachments (id)')
    for (const state of ['failed', 'quarantined', 'refused'])
      this.addSql(`create index attachments_${state} on attachments (ended_at) where state = '${state}'`)
    this.addSql('create index audit_entries_of_target on audit_entries (district_id, target_kind, target, id)')
  }
}
