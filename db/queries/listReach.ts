import { sql } from 'kysely'
import type { Channel } from '../../domain/roster/decideReach.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { livePartners } from './liveRelation.ts'

/** The channels that the live roster allows between two people now, by the very fragment that lists and writes ask; about one student if one is named. */
export const listReach = (
  { db, districtId }: DistrictTransaction,
  { actorId, targetId, studentId }: { actorId: string; targetId: string; studentId?: string | undefined },
): Promise<Channel[]> =>
  findRows(
    db,
    sql<Channel>`
      select live.teacher_id as "teacherId", live.participant_id as "participantId", live.student_id as "studentId", live.school_year as "schoolYear"
      from ${livePartners(districtId, actorId)} live
      where (live.teacher_id = ${targetId} or live.participant_id = ${targetId}) and ${actorId}::uuid <> ${targetId}::uuid
        and ${studentId === undefined ? sql`true` : sql`live.student_id = ${studentId}`}
      order by 1, 2, 3, 4`,
  )
