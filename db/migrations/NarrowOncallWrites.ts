import { Migration } from '@mikro-orm/migrations'

/** What on-call may write in the columns that it may write at all: a scan goes back to its start, is asked for, and is written down as an act of staff. */
export class NarrowOncallWrites extends Migration {
  override up(): void {
    this.addSql(`create policy oncall_replays on attachments as restrictive for update to hallpass_oncall
      using (state in ('failed', 'scanning')) with check (state = 'scanning')`)
    this.addSql(`create policy oncall_asks_for_scans on outbox as restrictive for insert to hallpass_oncall
      with check (workflow_type = 'scanAttachment' and claimed_until is null and started_at is null)`)
    this.addSql(`create policy oncall_frees on outbox as restrictive for update to hallpass_oncall
      using (true) with check (claimed_until is null)`)
    this.addSql(`create policy oncall_is_staff on audit_entries as restrictive for insert to hallpass_oncall
      with check (actor_kind = 'staff' and batch_number is null)`)
  }
}
