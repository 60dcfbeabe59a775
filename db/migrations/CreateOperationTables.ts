import { Migration } from '@mikro-orm/migrations'

/** Sessions, grants, the outbox, the audit log, idempotency keys. */
export class CreateOperationTables extends Migration {
  override up(): void {
    this.addSql(`create table sessions (
      district_id uuid not null,
      id uuid not null,
      token_hash bytea not null,
      user_id uuid not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      ended_at timestamptz,
      primary key (district_id, id)
    )`)
    this.addSql(`create index sessions_of_user on sessions (district_id, user_id)`)
    this.addSql(`alter table sessions add constraint sessions_token_hash_unique unique (token_hash)`)
    this.addSql(`create table grants (
      district_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      permission text not null,
      author_id uuid not null,
      begins timestamptz not null,
      ends timestamptz,
      primary key (district_id, id)
    )`)
    this.addSql(`create index grants_of_user on grants (district_id, user_id, permission)`)
    this.addSql(`alter table grants
      add constraint grants_permission_check check (permission in ('administer', 'audit'))`)
    this.addSql(`create table outbox (
      district_id uuid not null,
      id uuid not null,
      workflow_type text not null,
      workflow_id text not null,
      task_queue text not null,
      input jsonb not null,
      created_at timestamptz not null default now(),
      claimed_until timestamptz,
      started_at timestamptz,
      attempts int not null default 0,
      last_error_code text,
      primary key (district_id, id)
    )`)
    this.addSql(`create index outbox_waiting on outbox (created_at) where started_at is null`)
    this.addSql(`alter table outbox add constraint outbox_workflow_id_unique unique (district_id, workflow_id)`)
    this.addSql(`create table audit_batches (
      district_id uuid not null,
      number int not null,
      previous_hash bytea not null,
      merkle_root bytea not null,
      entry_count int not null,
      entry_ids uuid[] not null,
      leaf_hashes bytea not null,
      sealed_at timestamptz not null,
      hash bytea not null,
      signature bytea not null,
      primary key (district_id, number)
    )`)
    this.addSql(`create table audit_entries (
      district_id uuid not null,
      id uuid not null,
      at timestamptz not null,
      actor_kind text not null,
      actor text not null,
      action text not null,
      target_kind text not null,
      target text not null,
      reason text,
      details jsonb not null,
      batch_number int,
      primary key (district_id, id)
    )`)
    this.addSql(`create index audit_entries_unsealed on audit_entries (district_id, id) where batch_number is null`)
    this.addSql(`create index audit_entries_of_batch on audit_entries (district_id, batch_number, id) where batch_number is not null`)
    this.addSql(`alter table audit_entries
      add constraint audit_entries_actor_kind_check check (actor_kind in ('user', 'staff', 'system'))`)
    this.addSql(`create table idempotency_keys (
      district_id uuid not null,
      user_id uuid not null,
      key text not null,
      route text not null,
      fingerprint bytea not null,
      status text not null,
      result_kind text,
      result_id uuid,
      created_at timestamptz not null default now(),
      primary key (district_id, user_id, key)
    )`)
    this.addSql(`create index idempotency_keys_by_age on idempotency_keys (district_id, created_at)`)
    this.addSql(`alter table idempotency_keys
      add constraint idempotency_keys_status_check check (status in ('in-progress', 'done'))`)
  }
}
