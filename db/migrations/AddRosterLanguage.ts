import { Migration } from '@mikro-orm/migrations'

/** Whoever has not said in which language they want to be written to has the one that the roster says, where a column of the district's own tells it. */
export class AddRosterLanguage extends Migration {
  override up(): void {
    this.addSql(`alter table districts add column language_column text default 'metadata.homeLanguage'`)
    this.addSql('alter table users add column roster_language text')
  }
}
