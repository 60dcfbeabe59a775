import { Migration } from '@mikro-orm/migrations'

/**
 * Nobody of a district is the author of a permission that our staff gave. Until now its holder stood there, as if they had given it to themselves, which nobody can:
 * only our staff's commands write this table.
 */
export class AllowGrantsByStaff extends Migration {
  override up(): void {
    this.addSql('alter table grants alter column author_id drop not null')
    // The wall stands for the owner too.
    this.addSql('alter table grants no force row level security')
    this.addSql('update grants set author_id = null where author_id = user_id')
    this.addSql('alter table grants force row level security')
  }
}
