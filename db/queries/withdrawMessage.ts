import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'
import { recordAudit } from './recordAudit.ts'

/**
 * The author takes a message back: gone for everybody with its files, in this commit, and kept for the district's audit. How many others
 * had read as far is counted in the same statement and stays with it. Withdrawing twice is withdrawing once. What the teacher hid is
 * hidden from its author too, unless that is the teacher. Nothing happens for anybody else: the caller decides what to answer.
 */
export const withdrawMessage = async (
  tx: DistrictTransaction,
  { messageId, actorId }: { messageId: string; actorId: string },
): Promise<void> => {
  const withdrawn = await findRow(
    tx.db,
    sql<{ readers: number }>`
      with withdrawn as (
        update messages m set withdrawn_at = statement_timestamp(), withdrawn_after_readers = (
          select count(*)::int from read_marks mark
          where mark.district_id = m.district_id and mark.channel_id = m.channel_id and mark.user_id <> m.author_id and mark.seq >= m.seq)
        from channels c
        where m.district_id = ${tx.districtId} and m.id = ${messageId} and m.author_id = ${actorId} and m.withdrawn_at is null
          and (m.hidden_at is null or c.teacher_id = ${actorId})
          and c.district_id = m.district_id and c.id = m.channel_id and ${isPartyOf('c', actorId)} and ${isLiveChannel(tx.districtId, 'c')}
        returning m.district_id, m.channel_id, m.id, m.withdrawn_after_readers as readers),
      event as (${eventsOf('message.withdrawn', { from: 'withdrawn', channelId: sql`withdrawn.channel_id`, subject: sql`withdrawn.id` })})
      select readers from withdrawn`,
  )
  if (withdrawn === null) return
  await recordAudit(tx, {
    actor: { kind: 'user', id: actorId },
    action: 'message.withdraw',
    target: { kind: 'message', id: messageId },
    details: { readers: withdrawn.readers },
  })
}
