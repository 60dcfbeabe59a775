import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Whether these two have, or once had, a channel; about one student if one is named. It opens nothing: they know of each other already. */
export const hasChannel = async (
  { db, districtId }: DistrictTransaction,
  { actorId, targetId, studentId }: { actorId: string; targetId: string; studentId?: string | undefined },
): Promise<boolean> => {
  const about = studentId === undefined ? sql`` : sql`and c.student_id = ${studentId}`
  const channelOf = (teacherId: string, participantId: string) => sql`
    select c.id from channels c
    where c.district_id = ${districtId} and c.teacher_id = ${teacherId} and c.participant_id = ${participantId} ${about}`
  return (await findRow(db, sql`${channelOf(actorId, targetId)} union all ${channelOf(targetId, actorId)} limit 1`)) !== null
}
