import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** Who is to be told that a change of the roster closed conversations of theirs, and who has been. */
export class AddAccessNotices extends Migration {
  override up(): void {
    this.addSql(`create table access_notices (
      district_id uuid not null,
      version bigint not null,
      user_id uuid not null,
      told_at timestamptz,
      primary key (district_id, version, user_id),
      foreign key (district_id, version) references roster_versions (district_id, version),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql(`create index access_notices_open on access_notices (district_id, version) where told_at is null`)
    this.addSql(`alter table access_notices enable row level security`)
    this.addSql(`alter table access_notices force row level security`)
    this.addSql(`create policy own_district on access_notices using (${ownDistrict}) with check (${ownDistrict})`)
  }
}
