import { Migration } from '@mikro-orm/migrations'

/** Who could reach whom before, and why no longer, is asked of rows that have ended: each way to the live ones has its like here. */
export class IndexEndedRows extends Migration {
  override up(): void {
    this.addSql(`create index enrollments_ended_of_user on enrollments (district_id, user_id) where until_version is not null`)
    this.addSql(`create index guardianships_ended_of_guardian on guardianships (district_id, guardian_id) where until_version is not null`)
    this.addSql(`create index provider_connections_ended_of_provider on provider_connections (district_id, provider_id, student_id)
      where until_version is not null`)
    this.dateFirstRosters()
  }

  /** Rosters that were loaded before versions were written down. Rows of before are changed past the wall, which stands for the owner too. */
  private dateFirstRosters(): void {
    for (const table of ['districts', 'roster_versions']) this.addSql(`alter table ${table} no force row level security`)
    this.addSql(`insert into roster_versions (district_id, version, at, cause)
      select d.id, d.roster_version, d.created_at, 'load' from districts d
      where d.roster_version > 0 and not exists (select 1 from roster_versions v where v.district_id = d.id)`)
    for (const table of ['districts', 'roster_versions']) this.addSql(`alter table ${table} force row level security`)
  }
}
