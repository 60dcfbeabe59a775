import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What is done after a school year: that its channels are closed, who is to be told of it, and who has been. */
export class AddSchoolYearEnds extends Migration {
  override up(): void {
    this.addSql(`create table school_year_ends (
      district_id uuid not null,
      school_year int not null,
      attempt int not null default 1,
      channels int not null default 0,
      settled_at timestamptz,
      primary key (district_id, school_year),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`create table school_year_notices (
      district_id uuid not null,
      school_year int not null,
      user_id uuid not null,
      told_at timestamptz,
      primary key (district_id, school_year, user_id),
      foreign key (district_id, school_year) references school_year_ends (district_id, school_year),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql(`create index school_year_notices_open on school_year_notices (district_id, school_year, user_id) where told_at is null`)
    this.addSql(`create index channels_open_of_year on channels (district_id, school_year, id) where closed_at is null`)
    for (const table of ['school_year_ends', 'school_year_notices']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
  }
}
