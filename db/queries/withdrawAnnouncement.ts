import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { livePlaces, standingTo } from './liveSection.ts'
import { recordAudit } from './recordAudit.ts'

/**
 * The author takes an announcement back: gone for everybody with its files, in this commit, and kept for the district's audit. How many others had read it is
 * counted in the same statement and stays with it. Withdrawing twice is withdrawing once. Nothing happens for anybody else: the caller decides what to answer.
 */
export const withdrawAnnouncement = async (
  tx: DistrictTransaction,
  { announcementId, actorId }: { announcementId: string; actorId: string },
): Promise<void> => {
  const withdrawn = await findRow(
    tx.db,
    sql<{ readers: number }>`
      with withdrawn as (
      update announcements n set withdrawn_at = statement_timestamp(), withdrawn_after_readers = (
        select count(*)::int from announcement_reads reads
        where reads.district_id = n.district_id and reads.section_id = n.section_id and reads.user_id <> n.author_id and reads.seqs @> n.seq)
      from ${livePlaces(tx.districtId, actorId)} p
      where n.district_id = ${tx.districtId} and n.id = ${announcementId} and n.author_id = ${actorId} and n.withdrawn_at is null
        and p.section_id = n.section_id and ${standingTo('p', 'n', actorId)} = 'teacher'
      returning n.district_id, n.section_id, n.id, n.withdrawn_after_readers as readers),
      event as (${eventsOf('announcement.withdrawn', { from: 'withdrawn', sectionId: sql`withdrawn.section_id`, subject: sql`withdrawn.id` })})
      select readers from withdrawn`,
  )
  if (withdrawn === null) return
  await recordAudit(tx, {
    actor: { kind: 'user', id: actorId },
    action: 'announcement.withdraw',
    target: { kind: 'announcement', id: announcementId },
    details: { readers: withdrawn.readers },
  })
}
