import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { livePartners } from './liveRelation.ts'

/** A person to whom the roster lets the teacher write today, and about which student. */
export type Recipient = {
  participantId: string
  studentId: string
  role: 'student' | 'guardian'
  givenName: string
  familyName: string
  studentGivenName: string
  studentFamilyName: string
}

/** A teacher's students and their guardians with confirmed custody, by id after `after`. */
export const listRecipients = (
  tx: DistrictTransaction,
  { teacherId, after, limit }: { teacherId: string; after?: { studentId: string; participantId: string } | undefined; limit: number },
): Promise<Recipient[]> =>
  findRows(
    tx.db,
    sql<Recipient>`
      select distinct p.participant_id as "participantId", p.student_id as "studentId",
        case when p.participant_id = p.student_id then 'student' else 'guardian' end as role,
        u.given_name as "givenName", u.family_name as "familyName",
        s.given_name as "studentGivenName", s.family_name as "studentFamilyName"
      from ${livePartners(tx.districtId, teacherId)} p
      join users u on u.district_id = ${tx.districtId} and u.id = p.participant_id
      join users s on s.district_id = ${tx.districtId} and s.id = p.student_id
      where p.teacher_id = ${teacherId}
        ${after ? sql`and (p.student_id, p.participant_id) > (${after.studentId}::uuid, ${after.participantId}::uuid)` : sql``}
      order by p.student_id, p.participant_id
      limit ${limit}`,
  )
