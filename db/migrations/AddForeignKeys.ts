import { Migration } from '@mikro-orm/migrations'

/** [table, columns beside district_id, referenced table, referenced columns beside its district]. */
const references: ReadonlyArray<[string, string, string, string]> = [
  ['sections', 'school_id', 'schools', 'id'],
  ['sections', 'course_id', 'courses', 'id'],
  ['sections', 'term_id', 'terms', 'id'],
  ['enrollments', 'user_id', 'users', 'id'],
  ['enrollments', 'section_id', 'sections', 'id'],
  ['guardianships', 'guardian_id', 'users', 'id'],
  ['guardianships', 'student_id', 'users', 'id'],
  ['channels', 'teacher_id', 'users', 'id'],
  ['channels', 'participant_id', 'users', 'id'],
  ['channels', 'student_id', 'users', 'id'],
  ['messages', 'channel_id', 'channels', 'id'],
  ['messages', 'author_id', 'users', 'id'],
  ['attachments', 'channel_id', 'channels', 'id'],
  ['attachments', 'uploader_id', 'users', 'id'],
  ['attachments', 'message_id', 'messages', 'id'],
  ['sessions', 'user_id', 'users', 'id'],
  ['grants', 'user_id', 'users', 'id'],
  ['grants', 'author_id', 'users', 'id'],
  ['audit_entries', 'batch_number', 'audit_batches', 'number'],
  ['idempotency_keys', 'user_id', 'users', 'id'],
]

const inDistricts = [
  'schools',
  'terms',
  'courses',
  'users',
  'outbox',
  'audit_entries',
  'audit_batches',
  'keys.data_keys',
  'keys.object_keys',
]

/** Every foreign key includes the district: checks of foreign keys bypass row-level security (law 2). */
export class AddForeignKeys extends Migration {
  override up(): void {
    for (const table of inDistricts) {
      this.addSql(`alter table ${table} add foreign key (district_id) references districts (id)`)
    }
    for (const [table, column, target, targetColumn] of references) {
      this.addSql(`alter table ${table} add foreign key (district_id, ${column}) references ${target} (district_id, ${targetColumn})`)
    }
  }
}
