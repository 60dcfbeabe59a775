import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { liveSchoolYears } from './liveRelation.ts'
import { childrenOf, isReadable, isStudentOf, livePlaces } from './liveSection.ts'

/**
 * Opens, or finds, the channel of an announcement's author with somebody who receives it: with a student, or with a guardian about the child for whom they receive
 * it. What the author said to the section is what opens it; nobody else but a teacher ever does. Null when it is not for the actor about that student now.
 */
export const openReply = (
  { db, districtId }: DistrictTransaction,
  { announcementId, actorId, studentId }: { announcementId: string; actorId: string; studentId: string },
): Promise<{ channelId: string } | null> => {
  const [participant, student] = [sql`${actorId}::uuid`, sql`${studentId}::uuid`]
  const isAbout = studentId === actorId ? isStudentOf('p', 'n', actorId) : sql<boolean>`${student} = any(${childrenOf('p', 'n', actorId)})`
  return findRow(
    db,
    sql<{ channelId: string }>`
      insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year)
      select ${districtId}::uuid, ${newId()}::uuid, n.author_id, ${participant}, ${student}, max(live.school_year)
      from announcements n
      join ${livePlaces(districtId, actorId)} p on p.section_id = n.section_id
      cross join lateral (${liveSchoolYears(districtId, { teacher: sql`n.author_id`, participant, student })}) live
      where n.district_id = ${districtId} and n.id = ${announcementId} and ${isReadable('p', 'n', actorId)} and ${isAbout}
      group by n.author_id
      on conflict (district_id, teacher_id, participant_id, student_id, school_year) do update set closed_at = null
      returning channels.id as "channelId"`,
  )
}
