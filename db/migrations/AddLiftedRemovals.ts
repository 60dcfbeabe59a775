import { Migration } from '@mikro-orm/migrations'

/** What a brake held may go without a decision: a later feed names it again, or an event ends it for good. */
export class AddLiftedRemovals extends Migration {
  override up(): void {
    this.addSql(`alter table roster_syncs drop constraint roster_syncs_removals_check`)
    this.addSql(`alter table roster_syncs add constraint roster_syncs_removals_check
      check (removals in ('waiting', 'approving', 'approved', 'discarding', 'discarded', 'lifted'))`)
  }
}
