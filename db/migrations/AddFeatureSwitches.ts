import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What a district has switched on, where, since when and by whom. Districts that are there already keep what they had. */
export class AddFeatureSwitches extends Migration {
  override up(): void {
    this.addSql(`create table feature_switches (
      district_id uuid not null references districts (id),
      id uuid not null,
      feature text not null check (feature in ('messaging', 'announcements', 'attachments', 'guardians', 'translations',
        'guardians-read-along', 'co-teachers-read-along')),
      school_id uuid,
      switched_on_at timestamptz not null,
      switched_on_by uuid,
      switched_off_at timestamptz,
      switched_off_by uuid,
      primary key (district_id, id),
      foreign key (district_id, school_id) references schools (district_id, id),
      foreign key (district_id, switched_on_by) references users (district_id, id),
      foreign key (district_id, switched_off_by) references users (district_id, id)
    )`)
    this.addSql('create index feature_switches_on on feature_switches (district_id, feature, school_id) where switched_off_at is null')
    this.addSql('alter table districts no force row level security')
    this.addSql(`insert into feature_switches (district_id, id, feature, switched_on_at)
      select d.id, uuidv7(), had.feature, now() from districts d cross join (values ('messaging'), ('attachments'), ('guardians')) had (feature)`)
    this.addSql('alter table districts force row level security')
    this.addSql('alter table feature_switches enable row level security')
    this.addSql('alter table feature_switches force row level security')
    this.addSql(`create policy own_district on feature_switches using (${ownDistrict}) with check (${ownDistrict})`)
  }
}
