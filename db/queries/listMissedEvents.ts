import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Snapshot } from '../../domain/eventCursor.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { eventColumns, isAfter, toEvent, type EventRecord, type EventRow } from './eventRow.ts'
import { hasReadAlongs } from './hasReadAlongs.ts'
import { liveReadAlongs } from './readsAlong.ts'

/**
 * Up to `limit` events since `since`, oldest first, of whatever may concern a person: of every channel of theirs, ended or not, of those that they read along, of the
 * sections that they or their children are in, and their own. Whether they may hear of each is not decided here.
 */
export const listMissedEvents = async (
  tx: DistrictTransaction,
  { userId, since, limit }: { userId: string; since: Snapshot; limit: number },
): Promise<EventRecord[]> => {
  const { db, districtId } = tx
  const rows = await findRows(
    db,
    sql<EventRow>`
      with concerned as materialized (
        select id from channels where district_id = ${districtId} and teacher_id = ${userId}
        union select id from channels where district_id = ${districtId} and participant_id = ${userId}
        ${(await hasReadAlongs(tx)) ? readAlongOf(districtId, userId) : sql``}),
      sections_of as materialized (
        select section_id from enrollments where district_id = ${districtId} and user_id = ${userId} and until_version is null
        union
        select learning.section_id from guardianships guarding
        join enrollments learning on learning.district_id = guarding.district_id and learning.user_id = guarding.student_id
        where guarding.district_id = ${districtId} and guarding.guardian_id = ${userId} and guarding.until_version is null
          and learning.until_version is null)
      select * from (
        select ${eventColumns('e')} from concerned cross join lateral (
          select * from events one where one.district_id = ${districtId} and one.channel_id = concerned.id and ${isAfter('one', since)}
          order by one.xact limit ${limit}) e
        union all
        select ${eventColumns('e')} from sections_of cross join lateral (
          select * from events one where one.district_id = ${districtId} and one.section_id = sections_of.section_id and ${isAfter('one', since)}
          order by one.xact limit ${limit}) e
        union all
        select ${eventColumns('e')} from events e where e.district_id = ${districtId} and e.user_id = ${userId} and ${isAfter('e', since)}) missed
      order by missed.id limit ${limit}`,
  )
  return rows.map(toEvent)
}

const readAlongOf = (districtId: string, userId: string): RawBuilder<unknown> => sql`
  union
  select c.id from ${liveReadAlongs(districtId, userId)} along
  join channels c on c.district_id = ${districtId} and c.teacher_id = along.teacher_id and c.participant_id = along.participant_id
    and c.student_id = along.student_id and c.school_year = along.school_year`
