import { Migration } from '@mikro-orm/migrations'

/** A single change that is sent again gets the answer of before; what an event says of one guardian and one student is kept with their link. */
export class AddEventAnswers extends Migration {
  override up(): void {
    // Nothing has written events before.
    this.addSql(`alter table roster_events add column fingerprint bytea not null, add column ending_count int not null default 0`)
    this.addSql(`alter table agent_links add column custody text`)
    this.addSql(`alter table agent_links add constraint agent_links_custody_check check (custody in ('permitted', 'denied', 'unknown'))`)
  }
}
