import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { eventsOf } from './addEvent.ts'
import { mayRead, type ReadsAs } from './readsAlong.ts'

/**
 * Who reads a live channel has read everything up to `seq`: never beyond the newest message, and never back. Nothing happens for anybody
 * else: the caller decides what to answer.
 */
export const markRead = async (
  { db, districtId }: DistrictTransaction,
  { channelId, actorId, as, seq }: { channelId: string; actorId: string; as: ReadsAs; seq: number },
): Promise<void> => {
  await sql`
    with marked as (
    insert into read_marks (district_id, channel_id, user_id, seq, read_at)
    select c.district_id, c.id, ${actorId}::uuid, least(${seq}::int, c.last_seq), statement_timestamp()
    from channels c
    where c.district_id = ${districtId} and c.id = ${channelId} and ${mayRead(districtId, 'c', actorId, as)}
    on conflict (district_id, channel_id, user_id) do update set seq = excluded.seq, read_at = excluded.read_at
    where read_marks.seq < excluded.seq
    returning district_id, channel_id, user_id)
    ${eventsOf('channel.read', { from: 'marked', channelId: sql`marked.channel_id`, subject: sql`marked.user_id` })}`.execute(db)
}
