import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** Where a district's roster is fetched from, how often, and how far that has come. The one who looks which are due sees no address and no secret. */
export class AddRosterPulls extends Migration {
  override up(): void {
    this.addSql(`create table roster_pulls (
      district_id uuid not null,
      id uuid not null,
      base_url text not null,
      token_url text not null,
      client_id text not null,
      client_secret bytea not null,
      every_hours int not null,
      bulk_every_days int not null,
      is_paused boolean not null default false,
      state text not null default 'waiting',
      attempt int not null default 0,
      mode text,
      sync_id uuid,
      started_at timestamptz,
      ended_at timestamptz,
      outcome text,
      fault_code text,
      cursor_at timestamptz,
      bulk_at timestamptz,
      created_at timestamptz not null default now(),
      primary key (district_id, id),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`alter table roster_pulls add constraint roster_pulls_district_unique unique (district_id)`)
    this.addSql(`alter table roster_pulls add constraint roster_pulls_state_check check (state in ('waiting', 'pulling'))`)
    this.addSql(`alter table roster_pulls add constraint roster_pulls_mode_check check (mode in ('bulk', 'delta'))`)
    this.addSql(`alter table roster_pulls add constraint roster_pulls_outcome_check check (outcome in ('queued', 'failed'))`)
    this.addSql(
      `alter table roster_pulls add constraint roster_pulls_rhythm_check check (every_hours >= 1 and every_hours <= 168 and bulk_every_days >= 1 and bulk_every_days <= 31)`,
    )
    this.addSql(`alter table roster_pulls enable row level security`)
    this.addSql(`alter table roster_pulls force row level security`)
    this.addSql(`create policy own_district on roster_pulls using (${ownDistrict}) with check (${ownDistrict})`)
    this.addSql(`create policy sweeper_select on roster_pulls for select to hallpass_sweeper using (true)`)
  }
}
