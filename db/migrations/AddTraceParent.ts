import { Migration } from '@mikro-orm/migrations'

/** Lets the outbox say in which trace a run was asked for: random numbers, checked to be nothing else. */
export class AddTraceParent extends Migration {
  override up(): void {
    this.addSql('alter table outbox add column trace_parent text')
    this.addSql(
      `alter table outbox add constraint outbox_trace_parent_check check (trace_parent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$') not valid`,
    )
    this.addSql('alter table outbox validate constraint outbox_trace_parent_check')
  }
}
