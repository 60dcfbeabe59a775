import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/**
 * Which run does what follows from a version of the roster, and whether it has: one that is lost is asked for again. And who of two runs tells somebody: the
 * one that claimed them.
 */
export class AddRosterSettlements extends Migration {
  override up(): void {
    this.addSql(`create table roster_settlements (
      district_id uuid not null,
      version bigint not null,
      attempt int not null default 1,
      asked_at timestamptz not null default clock_timestamp(),
      settled_at timestamptz,
      primary key (district_id, version),
      foreign key (district_id, version) references roster_versions (district_id, version)
    )`)
    this.takeOver()
    this.addSql(`create index roster_settlements_open on roster_settlements (district_id, version) where settled_at is null`)
    this.addSql(`alter table roster_settlements enable row level security`)
    this.addSql(`alter table roster_settlements force row level security`)
    this.addSql(`create policy own_district on roster_settlements using (${ownDistrict}) with check (${ownDistrict})`)
    this.addSql(`create policy sweeper_select on roster_settlements for select to hallpass_sweeper using (true)`)
    for (const table of ['access_notices', 'school_year_notices'])
      this.addSql(`alter table ${table} add column claimed_until timestamptz, add column claimed_by int`)
  }

  /** The wall stands for the owner too. */
  private takeOver(): void {
    for (const table of ['access_endings', 'roster_versions']) this.addSql(`alter table ${table} no force row level security`)
    this.addSql(
      `insert into roster_settlements (district_id, version) select distinct district_id, version from access_endings where settled_at is null`,
    )
    for (const table of ['access_endings', 'roster_versions']) this.addSql(`alter table ${table} force row level security`)
  }
}
