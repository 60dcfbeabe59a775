import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** How many translations one person may ask for in a day, and how many they have of late. */
export class LimitAsking extends Migration {
  override up(): void {
    this.addSql(`alter table districts
      add column person_translations_per_day int not null default 200,
      add constraint districts_person_translations_check check (person_translations_per_day >= 1)`)
    this.addSql(`create table user_translation_usage (
      district_id uuid not null,
      user_id uuid not null,
      asked double precision not null,
      as_of timestamptz not null,
      primary key (district_id, user_id),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql('alter table user_translation_usage enable row level security')
    this.addSql('alter table user_translation_usage force row level security')
    this.addSql(`create policy own_district on user_translation_usage using (${ownDistrict}) with check (${ownDistrict})`)
  }
}
