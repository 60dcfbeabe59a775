import { Migration } from '@mikro-orm/migrations'

/** What an audit is for, and whether a district shows its teachers which of their conversations were audited. */
export class ShowAuditsToTeachers extends Migration {
  override up(): void {
    this.addSql(`alter table audits add column purpose text not null default 'investigation'
      check (purpose in ('investigation', 'family-request', 'records-request', 'routine-check'))`)
    this.addSql('alter table feature_switches drop constraint feature_switches_feature_check')
    this
      .addSql(`alter table feature_switches add constraint feature_switches_feature_check check (feature in ('messaging', 'announcements', 'attachments',
      'guardians', 'translations', 'guardians-read-along', 'co-teachers-read-along', 'audits-shown-to-teachers'))`)
  }
}
