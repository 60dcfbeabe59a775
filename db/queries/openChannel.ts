import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { channelColumns, toChannel } from './channelRow.ts'
import type { ChannelRecord, ChannelRow } from './channelRow.ts'
import { liveSchoolYears } from './liveRelation.ts'

/**
 * Opens this school year's channel of a teacher with a student, or with a guardian about a student, if the live roster connects them
 * now; the one that exists is answered as it is, reopened. Null when the roster does not connect them.
 */
export const openChannel = async (
  tx: DistrictTransaction,
  people: { teacherId: string; participantId: string; studentId: string },
): Promise<{ channel: ChannelRecord; isNew: boolean } | null> => {
  const teacher = sql`${people.teacherId}::uuid`
  const participant = sql`${people.participantId}::uuid`
  const student = sql`${people.studentId}::uuid`
  const row = await findRow(
    tx.db,
    sql<ChannelRow & { isNew: boolean }>`
      with opened as (
      insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year)
      select ${tx.districtId}::uuid, ${newId()}::uuid, ${teacher}, ${participant}, ${student}, max(live.school_year)
      from (${liveSchoolYears(tx.districtId, { teacher, participant, student })}) live
      having max(live.school_year) is not null
      on conflict (district_id, teacher_id, participant_id, student_id, school_year) do update set closed_at = null
      returning channels.*, (xmax = 0) as is_new),
      event as (${eventsOf('channel.opened', { from: 'opened', channelId: sql`opened.id`, subject: null })})
      select ${channelColumns('opened')}, opened.is_new as "isNew" from opened`,
  )
  return row && { channel: toChannel(row), isNew: row.isNew }
}
