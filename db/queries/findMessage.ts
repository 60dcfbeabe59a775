import { sql } from 'kysely'
import type { Relation } from '../../domain/access.ts'
import type { ChannelStanding } from '../../domain/channelStanding.ts'
import { toMessageState } from '../../domain/shownMessage.ts'
import type { MessageState } from '../../domain/shownMessage.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, toTimeOrNull } from '../rows.ts'
import { toRelation } from './findChannel.ts'
import { isPartyOf } from './liveRelation.ts'
import { isReadBy } from './readsAlong.ts'

/** Where a message stands, and what decides over it (`decideMessage`), read in one statement. */
export type MessageFacts = {
  channelId: string
  seq: number
  standing: ChannelStanding
  relation: Relation
  isAuthor: boolean
  state: MessageState
}

type Row = {
  channelId: string
  seq: number
  isTeacher: boolean
  isParty: boolean
  /** By the live roster: as one of the two, or along with them. */
  isRead: boolean
  isAuthor: boolean
  hiddenAt: string | null
  withdrawnAt: string | null
}

/** Null when the district has no such message: to be answered like one that is hidden (law 3). */
export const findMessage = async (
  tx: DistrictTransaction,
  { messageId, actorId }: { messageId: string; actorId: string },
): Promise<MessageFacts | null> => {
  const row = await findRow(
    tx.db,
    sql<Row>`
      select m.channel_id as "channelId", m.seq, m.author_id = ${actorId} as "isAuthor", m.hidden_at as "hiddenAt",
        m.withdrawn_at as "withdrawnAt", c.teacher_id = ${actorId} as "isTeacher", ${isPartyOf('c', actorId)} as "isParty",
        ${isReadBy(tx.districtId, 'c', actorId)} as "isRead"
      from messages m
      join channels c on c.district_id = m.district_id and c.id = m.channel_id
      where m.district_id = ${tx.districtId} and m.id = ${messageId}`,
  )
  return row && toFacts(row)
}

const toFacts = ({ isTeacher, isParty, isRead, hiddenAt, withdrawnAt, ...place }: Row): MessageFacts => ({
  ...place,
  standing: isTeacher ? 'teacher' : isParty ? 'participant' : isRead ? 'reader' : 'none',
  relation: toRelation({ isParty: isParty || isRead, isLive: isRead }),
  state: toMessageState({ hiddenAt: toTimeOrNull(hiddenAt), withdrawnAt: toTimeOrNull(withdrawnAt) }),
})
