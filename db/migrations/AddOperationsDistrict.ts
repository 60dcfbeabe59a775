import { Migration } from '@mikro-orm/migrations'

const operationsDistrictId = '00000000-0000-7000-8000-000000000001'

/** Gives acts of our own staff that concern no district an audit chain of their own. */
export class AddOperationsDistrict extends Migration {
  override up(): void {
    // The wall stands for the owner too: name the district, insert, forget it.
    this.addSql(`select set_config('app.district_id', '${operationsDistrictId}', true)`)
    this.addSql(`insert into districts (id, kind, name, time_zone) values ('${operationsDistrictId}', 'operations', 'Operations', 'UTC')`)
    this.addSql(`select set_config('app.district_id', '', true)`)
  }
}
