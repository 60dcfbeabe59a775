import { Migration } from '@mikro-orm/migrations'

/** The district connects somebody of its staff with a student, or with a section: a substitute there, until a day. */
export class AddSubstitutes extends Migration {
  override up(): void {
    this.addSql('alter table provider_connections alter column student_id drop not null')
    this.addSql('alter table provider_connections add column section_id uuid')
    this.addSql(`alter table provider_connections
      add constraint provider_connections_of_one check (num_nonnulls(student_id, section_id) = 1),
      add foreign key (district_id, section_id) references sections (district_id, id)`)
    this.addSql(`create index provider_connections_of_section on provider_connections (district_id, section_id, provider_id)
      where until_version is null and section_id is not null`)
    this.addSql('create index provider_connections_substitutes on provider_connections (district_id, id) where section_id is not null')
  }
}
