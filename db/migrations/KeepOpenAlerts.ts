import { Migration } from '@mikro-orm/migrations'

const currentDistrict = `nullif(current_setting('app.district_id', true), '')::uuid`

/** Lets all workers share what is paged for, and remember when what must happen again and again last did. */
export class KeepOpenAlerts extends Migration {
  override up(): void {
    this.addSql(`create table open_alerts (
      district_id uuid not null,
      dedup_key text not null,
      began_at timestamptz not null default now(),
      seen_at timestamptz not null default now(),
      raised_at timestamptz,
      ending_at timestamptz,
      primary key (district_id, dedup_key)
    )`)
    this.addSql(`create index open_alerts_by_age on open_alerts (district_id, began_at)`)
    this.addSql(`create table last_successes (
      district_id uuid not null,
      name text not null,
      expected_since timestamptz not null default now(),
      succeeded_at timestamptz,
      primary key (district_id, name)
    )`)
    for (const table of ['open_alerts', 'last_successes']) {
      this.addSql(`alter table ${table} add foreign key (district_id) references districts (id)`)
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(
        `create policy own_district on ${table} using (district_id = ${currentDistrict}) with check (district_id = ${currentDistrict})`,
      )
    }
  }
}
