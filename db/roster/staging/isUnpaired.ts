import { sql } from 'kysely'
import { findRow } from '../../rows.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/**
 * Whether a guardianship is staged of two who cannot be guardian and child: the one is a student and the other is not, or, where both are, the one is nothing
 * else. It is the rule by which lines of people that name each other are read (`diffGuardianships`).
 */
export const isUnpaired = async ({ db, districtId }: RosterTransaction): Promise<boolean> => {
  const standing = (alias: string) => sql`
    cross join lateral (
      select coalesce(bool_or(r.role = 'student'), false) as is_student, coalesce(bool_and(r.role = 'student'), false) as is_only_student
      from users u join org_roles r on r.district_id = u.district_id and r.user_id = u.id
      where u.district_id = ${districtId} and u.sourced_id = ${sql.ref(`s.${alias}_sourced_id`)}) ${sql.ref(alias)}`
  const unpaired = await findRow(
    db,
    sql`
      select 1 from staged_guardianships s ${standing('student')} ${standing('guardian')}
      where s.custody is not null and not (student.is_student and not guardian.is_student or student.is_only_student and not guardian.is_only_student)`,
  )
  return unpaired !== null
}
