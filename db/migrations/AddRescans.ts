import { Migration } from '@mikro-orm/migrations'

const currentDistrict = `nullif(current_setting('app.district_id', true), '')::uuid`

/** What a later look at a clean file leaves behind, and the hashes that are refused on sight. */
export class AddRescans extends Migration {
  override up(): void {
    this.addSql('alter table attachments add column rescanned_at timestamptz')
    this.addSql('alter table attachments add column rescan_version text')
    this.addSql('alter table attachments add column rescan_outcome text')
    this.addSql('alter table attachments add column withdrawn_by text')
    this.addSql(`alter table attachments
      add constraint attachments_rescan_outcome_check check (rescan_outcome in ('passed', 'not-inspected', 'unreadable'))`)
    this.addSql(`alter table attachments
      add constraint attachments_withdrawn_is_closed check (withdrawn_by is null or state <> 'clean')`)
    this.addSql(`create index attachments_clean_by_age on attachments (created_at, id) where state = 'clean'`)
    this.addSql(`create index attachments_clean_by_hash on attachments (sha256, id) where state = 'clean'`)
    this.addSql(`create index attachments_withdrawing on attachments (id) where withdrawn_by is not null and clean_key is not null`)
    this.addSql(`create index audit_entries_downloads on audit_entries (district_id, target, at) where action = 'attachment.download'`)
    this.addSql(`create table bad_hashes (
      district_id uuid not null,
      sha256 bytea not null,
      signature text not null,
      engine text not null,
      database_version text not null,
      found_at timestamptz not null default now(),
      primary key (district_id, sha256)
    )`)
    this.addSql(`create index bad_hashes_by_hash on bad_hashes (sha256, found_at)`)
    this.addSql(`create index bad_hashes_by_age on bad_hashes (found_at, sha256)`)
    this.addSql(`alter table bad_hashes add foreign key (district_id) references districts (id)`)
    this.addSql(`alter table bad_hashes enable row level security`)
    this.addSql(`alter table bad_hashes force row level security`)
    const ownDistrict = `district_id = ${currentDistrict}`
    this.addSql(`create policy own_district on bad_hashes using (${ownDistrict}) with check (${ownDistrict})`)
    this.addSql(`create policy sweeper_select on bad_hashes for select to hallpass_sweeper using (true)`)
  }
}
