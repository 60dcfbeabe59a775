import { Migration } from '@mikro-orm/migrations'

/** Lets the sweep find the starts that were handed over long ago. */
export class IndexStartedOutbox extends Migration {
  override up(): void {
    this.addSql('create index outbox_started on outbox (district_id, started_at) where started_at is not null')
  }
}
