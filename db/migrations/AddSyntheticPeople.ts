import { Migration } from '@mikro-orm/migrations'

const district = '00000000-0000-7000-8000-000000000001'
const id = (last: string): string => `00000000-0000-7000-8000-0000000000${last}`
const [teacher, student, channel, school, term, course, section] = ['11', '12', '13', '14', '15', '16', '17'].map(id)

/** Puts a teacher and a student who are nobody into the operations district, with a section that connects them, for the test virus. */
export class AddSyntheticPeople extends Migration {
  override up(): void {
    this.addSql(`select set_config('app.district_id', '${district}', true)`)
    this.addSql(`insert into schools (district_id, id, sourced_id, name) values ('${district}', '${school}', 'synthetic', 'Synthetic')`)
    this.addSql(`insert into terms (district_id, id, sourced_id, title, begins, ends, school_year)
      values ('${district}', '${term}', 'synthetic', 'Always', '2020-01-01', '2200-01-01', 2020)`)
    this.addSql(`insert into courses (district_id, id, sourced_id, title) values ('${district}', '${course}', 'synthetic', 'Synthetic')`)
    this.addSql(`insert into sections (district_id, id, sourced_id, school_id, course_id, term_id, title)
      values ('${district}', '${section}', 'synthetic', '${school}', '${course}', '${term}', 'Synthetic')`)
    for (const [person = '', role, enrollment] of [
      [teacher, 'teacher', id('18')],
      [student, 'student', id('19')],
    ]) {
      this.addSql(`insert into users (district_id, id, sourced_id, role, given_name, family_name)
        values ('${district}', '${person}', 'synthetic-${role}', '${role}', 'Synthetic', '${role}')`)
      this.addSql(`insert into enrollments (district_id, id, sourced_id, user_id, section_id, role, begins, since_version)
        values ('${district}', '${enrollment}', 'synthetic-${role}', '${person}', '${section}', '${role}', '2020-01-01', 1)`)
    }
    this.addSql(`insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year)
      values ('${district}', '${channel}', '${teacher}', '${student}', '${student}', 2020)`)
    this.addSql(`select set_config('app.district_id', '', true)`)
  }
}
