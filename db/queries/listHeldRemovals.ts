import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { UserRole } from '../../domain/access.ts'
import type { RosterSubject } from '../../domain/roster/subjects.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

type HeldPerson = { id: string; role: UserRole; givenName: string; familyName: string }

/**
 * A row that a sync would have removed. `person` is whom it concerns: who is enrolled, the guardian, the user, whose role it is; `student` is whose guardian they are;
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

/**
 * As scalar subqueries: each is looked up by its key, however many there are of its kind. By CASE and not by COALESCE, which Postgres takes for one that may leak
 * what row-level security hides, and then reads the table from end to end instead (contain_leaked_vars).
 */
const personOf = (districtId: string, id: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select json_build_object('id', u.id, 'role', u.role, 'givenName', u.given_name, 'familyName', u.family_name)
  from users u where u.district_id = ${districtId} and u.id = ${id})`

const titleOf = (districtId: string, subject: RosterSubject, table: string, column: string): RawBuilder<unknown> => sql`(
  select place.${sql.ref(column)} from ${sql.table(table)} place
  where page.subject = ${subject} and place.district_id = ${districtId} and place.id = page.subject_id)`

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
      select page.subject, page.subject_id as "subjectId",
        ${personOf(districtId, sql`case page.subject when 'enrollment' then enrollment.user_id when 'guardianship' then guarding.guardian_id when 'user' then page.subject_id when 'org-role' then working.user_id end`)} as person,
        ${personOf(districtId, sql`guarding.student_id`)} as student,
        (select json_build_object('id', place.id, 'title', place.title) from sections place where place.district_id = ${districtId}
          and place.id = case page.subject when 'enrollment' then enrollment.section_id when 'section' then page.subject_id end) as section,
        coalesce(${titleOf(districtId, 'school', 'schools', 'name')}, ${titleOf(districtId, 'term', 'terms', 'title')},
          ${titleOf(districtId, 'course', 'courses', 'title')}) as title
      from page
      left join enrollments enrollment
        on page.subject = 'enrollment' and enrollment.district_id = ${districtId} and enrollment.id = page.subject_id
      left join guardianships guarding
        on page.subject = 'guardianship' and guarding.district_id = ${districtId} and guarding.id = page.subject_id
      left join org_roles working
        on page.subject = 'org-role' and working.district_id = ${districtId} and working.id = page.subject_id
      order by page.subject_id`,
  )
