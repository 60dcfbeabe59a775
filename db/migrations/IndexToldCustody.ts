import { Migration } from '@mikro-orm/migrations'

/** Links of which an event told the custody are few, and every feed looks at them. */
export class IndexToldCustody extends Migration {
  override up(): void {
    this.addSql(`create index agent_links_told on agent_links (district_id, user_id, agent_id) where custody is not null`)
  }
}
