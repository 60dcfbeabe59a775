import { Migration } from '@mikro-orm/migrations'

/** Guardians of young children read along by the grades of a class. A child's own grade is not kept. */
export class AddSectionGrades extends Migration {
  override up(): void {
    this.addSql(`alter table sections add column grades text[] not null default '{}'`)
    this.addSql(`alter table feature_switches add column grades text[], add constraint feature_switches_grades
      check (grades is null or feature = 'guardians-read-along' and cardinality(grades) > 0)`)
  }
}
