import { Migration } from '@mikro-orm/migrations'

/**
 * The database says when an act was recorded, whoever records it, the owner included. A trigger rather than a narrower grant: processes of the version before,
 * which name the time themselves, go on working until they are replaced.
 */
export class TimeAuditByDatabase extends Migration {
  override up(): void {
    this.addSql(`create function audit_entries_take_time() returns trigger language plpgsql set search_path = pg_catalog, public as $$
      begin
        new.at := clock_timestamp();
        return new;
      end $$`)
    this.addSql(`create trigger audit_entries_timed_by_database before insert on audit_entries
      for each row execute function audit_entries_take_time()`)
  }
}
