import { Migration } from '@mikro-orm/migrations'

/** On-call asks for translations again, as for scans and syncs. */
export class LetOncallTranslate extends Migration {
  override up(): void {
    this.addSql('drop policy oncall_asks_for_runs on outbox')
    this.addSql(`create policy oncall_asks_for_runs on outbox as restrictive for insert to hallpass_oncall
      with check (workflow_type in ('scanAttachment', 'syncRoster', 'translateMessage') and claimed_until is null and started_at is null)`)
  }
}
