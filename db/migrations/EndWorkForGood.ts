import { Migration } from '@mikro-orm/migrations'

/** What the district gave to people ends with their work, and the roster says why. */
export class EndWorkForGood extends Migration {
  override up(): void {
    this.addSql(`alter table roster_changes drop constraint roster_changes_reason_check`)
    this
      .addSql(`alter table roster_changes add constraint roster_changes_reason_check check (reason in ('in-feed', 'to-be-deleted', 'absent-from-bulk',
      'school-removed', 'links-changed', 'removal-approved', 'removal-discarded', 'by-district', 'person-left'))`)
  }
}
