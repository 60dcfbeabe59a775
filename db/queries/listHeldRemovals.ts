import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { UserRole } from '../../domain/access.ts'
import type { RosterSubject } from '../../domain/roster/subjects.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

type HeldPerson = { id: string; role: UserRole; givenName: string; familyName: string }

/**
 * A row that a sync would have removed. `person` is whom it concerns: who is enrolled, the guardian, the user; `student` is whose guardian they are;
 * `section` is where they are enrolled, or the section itself; `title` is the name of a school, a term or a course.
 */
export type HeldRemoval = {
  subject: RosterSubject
  subjectId: string
  person: HeldPerson | null
  student: HeldPerson | null
  section: { id: string; title: string } | null
  title: string | null
}

const personOf = (alias: string) => {
  const person = sql.ref(alias)
  return sql`case when ${person}.id is not null then json_build_object('id', ${person}.id, 'role', ${person}.role,
    'givenName', ${person}.given_name, 'familyName', ${person}.family_name) end`
}

/** Looked up by its key for each row of the page, however many there are of its kind. */
const one = (districtId: string, table: string, alias: string, id: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  left join lateral (
    select * from ${sql.table(table)} row where row.district_id = ${districtId} and row.id = ${id}) ${sql.ref(alias)} on true`

/** What the brake holds of one sync, page by page behind the id `after`. */
export const listHeldRemovals = (
  { db, districtId }: DistrictTransaction,
  { syncId, after = null, limit }: { syncId: string; after?: string | null; limit: number },
): Promise<HeldRemoval[]> =>
  findRows(
    db,
    sql<HeldRemoval>`
      with page as materialized (
        select subject, subject_id from suspensions
        where district_id = ${districtId} and sync_id = ${syncId} and (${after}::uuid is null or subject_id > ${after}::uuid)
        order by subject_id limit ${limit})
      select page.subject, page.subject_id as "subjectId", ${personOf('person')} as person, ${personOf('student')} as student,
        case when section.id is not null then json_build_object('id', section.id, 'title', section.title) end as section,
        coalesce(school.name, term.title, course.title) as title
      from page
      left join enrollments enrollment
        on page.subject = 'enrollment' and enrollment.district_id = ${districtId} and enrollment.id = page.subject_id
      left join guardianships guarding
        on page.subject = 'guardianship' and guarding.district_id = ${districtId} and guarding.id = page.subject_id
      ${one(districtId, 'users', 'person', sql`coalesce(enrollment.user_id, guarding.guardian_id, case when page.subject = 'user' then page.subject_id end)`)}
      ${one(districtId, 'users', 'student', sql`guarding.student_id`)}
      ${one(districtId, 'sections', 'section', sql`coalesce(enrollment.section_id, case when page.subject = 'section' then page.subject_id end)`)}
      ${one(districtId, 'schools', 'school', sql`case when page.subject = 'school' then page.subject_id end`)}
      ${one(districtId, 'terms', 'term', sql`case when page.subject = 'term' then page.subject_id end`)}
      ${one(districtId, 'courses', 'course', sql`case when page.subject = 'course' then page.subject_id end`)}
      order by page.subject_id`,
  )
