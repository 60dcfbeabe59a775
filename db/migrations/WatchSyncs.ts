import { Migration } from '@mikro-orm/migrations'

const succeeded = `state in ('applied', 'unchanged', 'partly-applied') and not is_dry_run`

/**
 * Lets on-call see how far each sync has come, bring one on that failed or hangs, and have held removals discarded; lets the sweeper see whose last
 * success is too long ago.
 */
export class WatchSyncs extends Migration {
  override up(): void {
    this.openWindows()
    this.addSql(`create index roster_syncs_by_id on roster_syncs (id)`)
    this.addSql(`create index roster_syncs_waiting on roster_syncs (queued_at) where state in ('queued', 'running')`)
    for (const state of ['failed', 'unreadable'])
      this.addSql(`create index roster_syncs_${state} on roster_syncs (ended_at) where state = '${state}'`)
    this.addSql(`create index roster_syncs_held on roster_syncs (ended_at) where removals in ('waiting', 'approving', 'discarding')`)
    this.addSql(`create index roster_syncs_succeeded on roster_syncs (district_id, ended_at) where ${succeeded}`)
    this.addSql(`alter table districts add column roster_late_told_at timestamptz`)
  }

  private openWindows(): void {
    for (const table of ['roster_syncs', 'roster_sync_counts'])
      this.addSql(`create policy oncall_select on ${table} for select to hallpass_oncall using (true)`)
    this.addSql(`create policy oncall_brings_on on roster_syncs as restrictive for update to hallpass_oncall
      using (state in ('queued', 'running', 'failed') or removals = 'waiting')
      with check ((state = 'queued' and removals is null) or (state = 'partly-applied' and removals = 'discarding'))`)
    this.addSql(`drop policy oncall_asks_for_scans on outbox`)
    this.addSql(`create policy oncall_asks_for_runs on outbox as restrictive for insert to hallpass_oncall
      with check (workflow_type in ('scanAttachment', 'syncRoster') and claimed_until is null and started_at is null)`)
  }
}
