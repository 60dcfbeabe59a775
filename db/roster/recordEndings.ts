import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { eventsOf } from '../queries/addEvent.ts'
import { liveChannelsOf, type WhichPairs } from '../queries/liveRelation.ts'
import { getRow } from '../rows.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/**
 * Makes `change`, and writes a receipt for every channel between these pairs that the roster allowed before and no longer does: the net change, so a
 * student who moves between two sections of one teacher parts from nobody. What the brake holds counts as there, before and after: a removal that is held
 * has no receipt yet, and gets exactly one when it comes true, by whichever approval, feed or event that is. Answers how many. The transaction holds the
 * roster's lock.
 */
export const recordEndings = async (
  tx: RosterTransaction,
  { version, which }: { version: number; which: WhichPairs },
  change: () => Promise<void>,
): Promise<number> => {
  await sql`create temporary table channels_before on commit drop as select * from ${liveChannelsOf(tx.districtId, which, 'as-there')} live`.execute(
    tx.db,
  )
  await change()
  const { count } = await getRow(
    tx.db,
    sql<{ count: string }>`
      with ended as (
        insert into access_endings (district_id, version, teacher_id, participant_id, student_id, school_year)
        ${endedChannels(tx, version, which)} returning *),
      ended_channel as (
        select c.district_id, c.id from ended e
        join channels c on c.district_id = e.district_id and c.teacher_id = e.teacher_id and c.participant_id = e.participant_id
          and c.student_id = e.student_id and c.school_year = e.school_year),
      event as (${eventsOf('channel.ended', { from: 'ended_channel', channelId: sql`ended_channel.id`, subject: null })})
      select count(*) as count from ended`,
  )
  await sql`drop table channels_before`.execute(tx.db)
  return Number(count)
}

/** One row for each that was there before, in whichever school year, and is not there now. */
const endedChannels = ({ districtId }: RosterTransaction, version: number, which: WhichPairs): RawBuilder<unknown> => sql`
  select ${districtId}::uuid, ${version}::bigint, before.teacher_id, before.participant_id, before.student_id, max(before.school_year)
  from channels_before before
  where not exists (
    select 1 from ${liveChannelsOf(districtId, which, 'as-there')} after
    where after.teacher_id = before.teacher_id and after.participant_id = before.participant_id and after.student_id = before.student_id)
  group by before.teacher_id, before.participant_id, before.student_id`
