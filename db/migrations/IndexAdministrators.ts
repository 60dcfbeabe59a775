import { Migration } from '@mikro-orm/migrations'

/** Who administers a district is asked when removals wait for a decision. */
export class IndexAdministrators extends Migration {
  override up(): void {
    this.addSql(`create index grants_administrators on grants (district_id, user_id) where permission = 'administer'`)
  }
}
