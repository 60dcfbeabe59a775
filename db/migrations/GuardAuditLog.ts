import { Migration } from '@mikro-orm/migrations'

/**
 * The audit log only grows (law 11). Grants already say so to every role but the owner; these triggers say so to the owner.
 * They make an accident impossible and tampering loud; what detects tampering is the seal.
 */
export class GuardAuditLog extends Migration {
  override up(): void {
    this.addSql(`create function refuse_audit_change() returns trigger language plpgsql set search_path = pg_catalog, public as $$
      begin
        raise exception 'the audit log only grows' using errcode = 'insufficient_privilege';
      end $$`)
    this.addSql(`create trigger audit_entries_only_grow before delete or truncate on audit_entries
      for each statement execute function refuse_audit_change()`)
    this.addSql(`create trigger audit_entries_seal_once before update on audit_entries
      for each row when (old.batch_number is not null or (new.district_id, new.id, new.at, new.actor_kind, new.actor, new.action,
        new.target_kind, new.target, new.reason, new.details) is distinct from (old.district_id, old.id, old.at, old.actor_kind,
        old.actor, old.action, old.target_kind, old.target, old.reason, old.details))
      execute function refuse_audit_change()`)
    this.addSql(`create trigger audit_batches_only_grow before update or delete or truncate on audit_batches
      for each statement execute function refuse_audit_change()`)
  }
}
