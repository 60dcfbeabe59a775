import { sql } from 'kysely'
import type { PostingState } from '../../domain/posting.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { isLiveChannel } from './liveRelation.ts'
import { recordAudit } from './recordAudit.ts'

/**
 * The channel's teacher opens, pauses or closes it, in one statement that asks the live roster (law 1). A change is audited; setting what is
 * set already is none. Nothing happens for anybody else: the caller decides what to answer.
 */
export const setPosting = async (
  tx: DistrictTransaction,
  { channelId, actorId, posting }: { channelId: string; actorId: string; posting: PostingState },
): Promise<void> => {
  const changed = await findRow(
    tx.db,
    sql<{ id: string }>`
      with changed as (
      update channels c set posting = ${posting}
      where c.district_id = ${tx.districtId} and c.id = ${channelId} and c.teacher_id = ${actorId} and c.posting <> ${posting}
        and ${isLiveChannel(tx.districtId, 'c')}
      returning c.district_id, c.id)
      ${eventsOf('channel.posting', { from: 'changed', channelId: sql`changed.id`, subject: null })} returning channel_id as id`,
  )
  if (changed === null) return
  await recordAudit(tx, {
    actor: { kind: 'user', id: actorId },
    action: 'channel.set-posting',
    target: { kind: 'channel', id: channelId },
    details: { posting },
  })
}
