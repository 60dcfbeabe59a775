import { Migration } from '@mikro-orm/migrations'

/** Wrapped keys, in a schema of their own so that database backups can leave them out (law 10). */
export class CreateKeyTables extends Migration {
  override up(): void {
    this.addSql('create schema keys')
    this.addSql(`create table keys.data_keys (
      district_id uuid not null,
      purpose text not null,
      epoch int not null,
      wrapped bytea not null,
      created_at timestamptz not null default now(),
      activates_at timestamptz not null,
      retired_at timestamptz,
      primary key (district_id, purpose, epoch)
    )`)
    this.addSql(`alter table keys.data_keys
      add constraint data_keys_purpose_check check (purpose in ('columns', 'lookup'))`)
    this.addSql(`create table keys.object_keys (
      district_id uuid not null,
      object_key text not null,
      key_name text not null,
      wrapped bytea not null,
      created_at timestamptz not null default now(),
      primary key (district_id, object_key)
    )`)
  }
}
