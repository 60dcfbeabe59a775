import { Migration } from '@mikro-orm/migrations'

const gibibyte = 1024 ** 3
const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What a person and a district may send, what they have sent of late, and the index by which uploads in flight are counted. */
export class AddUploadQuotas extends Migration {
  override up(): void {
    this.addSql(`alter table districts
      add column person_files_per_day int not null default 500,
      add column person_bytes_per_day bigint not null default ${5 * gibibyte},
      add column person_uploads_in_flight int not null default 30,
      add column district_files_per_day int not null default 200000,
      add column district_bytes_per_day bigint not null default ${1024 * gibibyte},
      add column district_uploads_in_flight int not null default 2000`)
    this.addSql(`alter table districts add constraint districts_person_upload_quotas_check
      check (person_files_per_day >= 1 and person_bytes_per_day >= upload_bytes_max and person_uploads_in_flight >= 1)`)
    this.addSql(`alter table districts add constraint districts_person_upload_share_check
      check (person_files_per_day <= district_files_per_day / 20 and person_bytes_per_day <= district_bytes_per_day / 20
        and person_uploads_in_flight <= district_uploads_in_flight / 20)`)
    this.addSql(`create table user_upload_usage (
      district_id uuid not null,
      user_id uuid not null,
      files double precision not null,
      bytes double precision not null,
      as_of timestamptz not null,
      primary key (district_id, user_id),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql(`create table district_upload_usage (
      district_id uuid not null,
      files double precision not null,
      bytes double precision not null,
      as_of timestamptz not null,
      primary key (district_id),
      foreign key (district_id) references districts (id)
    )`)
    for (const table of ['user_upload_usage', 'district_upload_usage']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
    this.addSql(
      `create index attachments_in_flight on attachments (district_id, uploader_id) where state in ('awaiting-upload', 'scanning')`,
    )
    this.addSql(`create index attachments_scanned on attachments (scanned_at) where scanned_at is not null`)
    this.addSql('create policy auth_select on attachments for select to hallpass_auth using (true)')
  }
}
