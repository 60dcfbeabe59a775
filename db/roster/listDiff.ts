import { sql } from 'kysely'
import type { ChangeLine } from '../../domain/roster/toChangeLine.ts'
import { findRows } from '../rows.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** What would change, by the district's own ids (of a guardianship, the guardian's and the student's), losses first, at most `limit`: for a dry run, in the transaction that compared. */
export const listDiff = ({ db, districtId }: RosterTransaction, limit: number): Promise<ChangeLine[]> =>
  findRows(
    db,
    sql<ChangeLine>`
      select d.subject, d.change, d.reason, d.file, d.line, coalesce(d.sourced_id, e.sourced_id, guardian.sourced_id || ' ' || student.sourced_id) as "sourcedId"
      from (select * from diff order by is_loss desc, change in ('removed', 'suspended') desc, change <> 'added' desc limit ${limit}) d
      left join enrollments e on e.district_id = ${districtId} and e.id = d.id
      left join guardianships g on g.district_id = ${districtId} and g.id = d.id
      left join users guardian on guardian.district_id = ${districtId} and guardian.id = g.guardian_id
      left join users student on student.district_id = ${districtId} and student.id = g.student_id
      order by d.subject, d.change, "sourcedId", d.id`,
  )
