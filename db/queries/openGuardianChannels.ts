import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'
import { liveChannelsOf } from './liveRelation.ts'

/**
 * Opens this school year's channel of a teacher with each guardian who may be written to about the student, in one statement that asks the live roster
 * (law 1); those that exist are reopened. Answers their ids, none when there is no such guardian; null when the roster does not connect the teacher with the student.
 */
export const openGuardianChannels = async (
  { db, districtId }: DistrictTransaction,
  { teacherId, studentId }: { teacherId: string; studentId: string },
): Promise<string[] | null> => {
  const { isRostered, channelIds } = await getRow(
    db,
    sql<{ isRostered: boolean; channelIds: string[] }>`
      with live as materialized (
        select participant_id, max(school_year) as school_year
        from ${liveChannelsOf(districtId, ({ teacher, student }) => sql<boolean>`${teacher} = ${teacherId}::uuid and ${student} = ${studentId}::uuid`)} channel
        group by participant_id),
      opened as (
        insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year)
        select ${districtId}::uuid, uuidv7(), ${teacherId}::uuid, live.participant_id, ${studentId}::uuid, live.school_year
        from live where live.participant_id <> ${studentId}::uuid
        -- Two who open the same at once wait for each other, and never both.
        order by live.participant_id
        on conflict (district_id, teacher_id, participant_id, student_id, school_year) do update set closed_at = null
        returning id, participant_id)
      select exists (select 1 from live) as "isRostered", array(select id::text from opened order by participant_id) as "channelIds"`,
  )
  return isRostered ? channelIds : null
}
