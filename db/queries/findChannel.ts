import { sql } from 'kysely'
import type { Relation } from '../../domain/access.ts'
import type { ChannelStanding } from '../../domain/channelStanding.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { fixedStatement } from '../fixedStatement.ts'
import { findRow } from '../rows.ts'
import { channelColumns, toChannel } from './channelRow.ts'
import type { ChannelRecord, ChannelRow } from './channelRow.ts'
import { inboxColumns, inboxJoins, toInbox } from './inboxColumns.ts'
import type { Inbox, InboxRow } from './inboxColumns.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'
import { mayRead } from './readsAlong.ts'

/** A channel and what decides over it (`decideChannel`), read in one statement. */
export type ChannelFacts = { channel: ChannelRecord; inbox: Inbox; relation: Relation; standing: ChannelStanding }

/** Null when the district has no such channel: to be answered like one that is hidden (law 3). Call it under `readDistrict`: a reader takes a second look. */
export const findChannel = async (
  tx: DistrictTransaction,
  { channelId, actorId }: { channelId: string; actorId: string },
): Promise<ChannelFacts | null> => {
  const [row] = await channelOf(tx.db, { districtId: tx.districtId, channelId, actorId }, {})
  if (row === undefined) return null
  const channel = toChannel(row)
  const facts = { channel, inbox: toInbox(row) }
  if (row.isParty) return { ...facts, standing: channel.teacherId === actorId ? 'teacher' : 'participant', relation: toRelation(row) }
  // Asked only of those who are no party: most who ask are one.
  const isReader = await isReaderOf(tx, { channelId, actorId })
  return { ...facts, ...(isReader ? { standing: 'reader', relation: 'rostered' } : { standing: 'none', relation: 'stranger' }) }
}

const channelOf = fixedStatement(
  ({ districtId, channelId, actorId }: { districtId: string; channelId: string; actorId: string }) =>
    sql<ChannelRow & InboxRow & { isParty: boolean; isLive: boolean }>`
      select ${channelColumns('c')}, ${inboxColumns}, ${isPartyOf('c', actorId)} as "isParty", ${isLiveChannel(districtId, 'c')} as "isLive"
      from channels c ${inboxJoins(districtId, 'c', actorId)}
      where c.district_id = ${districtId} and c.id = ${channelId}`,
)

const isReaderOf = async (tx: DistrictTransaction, { channelId, actorId }: { channelId: string; actorId: string }): Promise<boolean> =>
  (await findRow(
    tx.db,
    sql<{ id: string }>`
      select c.id from channels c where c.district_id = ${tx.districtId} and c.id = ${channelId} and ${mayRead(tx.districtId, 'c', actorId, 'reader')}`,
  )) !== null

/** A channel exists only where the roster once connected its people; a stranger to it is a stranger whatever the roster says of them. */
export const toRelation = ({ isLive, isParty }: { isLive: boolean; isParty: boolean }): Relation => {
  if (!isParty) return 'stranger'
  return isLive ? 'rostered' : 'ended'
}
