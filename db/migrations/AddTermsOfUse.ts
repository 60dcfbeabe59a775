import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What a district asks of everybody who writes, version by version, and who accepted which. */
export class AddTermsOfUse extends Migration {
  override up(): void {
    this.addSql(`create table terms_of_use (
      district_id uuid not null references districts (id),
      version int not null check (version > 0),
      text text not null,
      published_by uuid,
      published_at timestamptz not null,
      primary key (district_id, version),
      foreign key (district_id, published_by) references users (district_id, id)
    )`)
    this.addSql(`create table terms_acceptances (
      district_id uuid not null,
      version int not null,
      user_id uuid not null,
      accepted_at timestamptz not null,
      primary key (district_id, version, user_id),
      foreign key (district_id, version) references terms_of_use (district_id, version),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    for (const table of ['terms_of_use', 'terms_acceptances']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
  }
}
