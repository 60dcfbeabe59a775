import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`
const scopes = `'roster.read', 'roster.write'`

/** Machines of districts that call the API, and what they show for an hour. They act, so the audit log names them, and repeat requests, so idempotency keys do. */
export class AddApiClients extends Migration {
  override up(): void {
    this.addSql(`create table api_clients (
      district_id uuid not null,
      id uuid not null,
      name text not null,
      scopes text[] not null,
      secret_hash bytea not null,
      previous_secret_hash bytea,
      previous_until timestamptz,
      author_kind text not null,
      author text not null,
      created_at timestamptz not null default now(),
      rotated_at timestamptz,
      ended_at timestamptz,
      primary key (district_id, id),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`alter table api_clients add constraint api_clients_id_unique unique (id)`)
    this.addSql(`create index api_clients_open on api_clients (district_id) where ended_at is null`)
    this.addSql(`alter table api_clients add constraint api_clients_scopes_check check (scopes <@ array[${scopes}])`)
    this.addSql(`alter table api_clients
      add constraint api_clients_author_kind_check check (author_kind in ('person', 'client', 'schedule', 'operator'))`)
    this.addSql(`create table client_tokens (
      district_id uuid not null,
      id uuid not null,
      token_hash bytea not null,
      client_id uuid not null,
      scopes text[] not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (district_id, id),
      foreign key (district_id, client_id) references api_clients (district_id, id)
    )`)
    this.addSql(`alter table client_tokens add constraint client_tokens_token_hash_unique unique (token_hash)`)
    this.addSql(`alter table client_tokens add constraint client_tokens_scopes_check check (scopes <@ array[${scopes}])`)
    this.addSql(`create index client_tokens_by_age on client_tokens (district_id, expires_at)`)
    for (const table of ['api_clients', 'client_tokens']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
      this.addSql(`create policy auth_select on ${table} for select to hallpass_auth using (true)`)
    }
    this.addSql(`alter table audit_entries drop constraint audit_entries_actor_kind_check`)
    this.addSql(`alter table audit_entries
      add constraint audit_entries_actor_kind_check check (actor_kind in ('user', 'client', 'staff', 'system'))`)
    // Whoever repeats a request may be a machine.
    this.addSql(`alter table idempotency_keys drop constraint idempotency_keys_district_id_user_id_fkey`)
    this.addSql(`alter table idempotency_keys add foreign key (district_id) references districts (id)`)
  }
}
