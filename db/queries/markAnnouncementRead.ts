import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { eventsOf } from './addEvent.ts'
import { isReadable, livePlaces } from './liveSection.ts'

/**
 * Somebody has read an announcement that they may see now. Its number joins the ranges of what they have read in that section; reading twice is reading once.
 * Nothing happens for anybody else: the caller decides what to answer.
 */
export const markAnnouncementRead = async (
  { db, districtId }: DistrictTransaction,
  { announcementId, actorId }: { announcementId: string; actorId: string },
): Promise<void> => {
  await sql`
    with marked as (
    insert into announcement_reads as reads (district_id, section_id, user_id, seqs, read_at)
    select n.district_id, n.section_id, ${actorId}::uuid, int4multirange(int4range(n.seq, n.seq, '[]')), statement_timestamp()
    from announcements n
    join ${livePlaces(districtId, actorId)} p on p.section_id = n.section_id
    where n.district_id = ${districtId} and n.id = ${announcementId} and ${isReadable('p', 'n', actorId)}
    on conflict (district_id, section_id, user_id) do update set seqs = reads.seqs + excluded.seqs, read_at = excluded.read_at
    where not reads.seqs @> excluded.seqs
    returning reads.district_id, reads.user_id)
    ${eventsOf('announcement.read', { from: 'marked', userId: sql`marked.user_id`, subject: sql`${announcementId}::uuid` })}`.execute(db)
}
