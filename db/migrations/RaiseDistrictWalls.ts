import { Migration } from '@mikro-orm/migrations'

const walled = [
  'schools',
  'terms',
  'courses',
  'sections',
  'users',
  'enrollments',
  'guardianships',
  'channels',
  'messages',
  'attachments',
  'sessions',
  'grants',
  'outbox',
  'audit_entries',
  'audit_batches',
  'idempotency_keys',
  'keys.data_keys',
  'keys.object_keys',
]
const currentDistrict = `nullif(current_setting('app.district_id', true), '')::uuid`

/** Row-level security on every table, for every role, the owner included; and the windows of the roles that look before the district is known (law 2). */
export class RaiseDistrictWalls extends Migration {
  override up(): void {
    for (const table of walled) this.raiseWall(table, 'district_id')
    this.raiseWall('districts', 'id')
    this.addSql('create policy sweeper_select on districts for select to hallpass_sweeper using (true)')
    this.addSql('create policy sweeper_select on attachments for select to hallpass_sweeper using (true)')
    this.addSql('create policy sweeper_select on audit_entries for select to hallpass_sweeper using (true)')
    this.addSql('create policy auth_select on sessions for select to hallpass_auth using (true)')
    this.addSql('create policy relay_select on outbox for select to hallpass_relay using (true)')
    this.addSql('create policy relay_update on outbox for update to hallpass_relay using (true) with check (true)')
  }

  private raiseWall(table: string, districtColumn: string): void {
    const ownDistrict = `${districtColumn} = ${currentDistrict}`
    this.addSql(`alter table ${table} enable row level security`)
    this.addSql(`alter table ${table} force row level security`)
    this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
  }
}
