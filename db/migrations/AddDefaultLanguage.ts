import { Migration } from '@mikro-orm/migrations'

/** Whoever has not said in which language they want to be written to has the district's. Until now that was English, and it stood on their own row. */
export class AddDefaultLanguage extends Migration {
  override up(): void {
    this.addSql(`alter table districts add column default_language text not null default 'en'`)
    this.addSql('alter table users alter column preferred_language drop default, alter column preferred_language drop not null')
    // The wall stands for the owner too.
    this.addSql('alter table users no force row level security')
    this.addSql(`update users set preferred_language = null where preferred_language = 'en'`)
    this.addSql('alter table users force row level security')
  }
}
