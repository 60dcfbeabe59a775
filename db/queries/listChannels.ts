import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { fixedStatement } from '../fixedStatement.ts'
import { channelColumns, toChannel } from './channelRow.ts'
import type { ChannelRecord, ChannelRow } from './channelRow.ts'
import { hasReadAlongs } from './hasReadAlongs.ts'
import { inboxColumns, inboxJoins, toInbox } from './inboxColumns.ts'
import type { Inbox, InboxRow } from './inboxColumns.ts'
import { livePartners } from './liveRelation.ts'
import { liveReadAlongs } from './readsAlong.ts'

/** Where a page ended: newest activity first, then id. `activeAt` is as the database wrote it: a `Date` would lose its microseconds. */
export type ChannelCursor = { activeAt: string; channelId: string }

/** The channels that the actor reads, as one of the people whom the live roster connects now or along with them, most recently active first. Live partners come first, then their channels. Dates alone decide: no
 * mark of a year that was closed hides what the roster connects. Call it under `readDistrict`: it takes two looks. */
export const listChannels = async (
  tx: DistrictTransaction,
  { actorId, after, limit }: { actorId: string; after?: ChannelCursor | undefined; limit: number },
): Promise<Array<{ channel: ChannelRecord; inbox: Inbox; cursor: ChannelCursor }>> => {
  const values = { districtId: tx.districtId, actorId, limit, activeAt: after?.activeAt, channelId: after?.channelId }
  const rows = await pageOf(tx.db, values, { hasReadAlongs: await hasReadAlongs(tx), isFirst: after === undefined })
  return rows.map((row) => ({ channel: toChannel(row), inbox: toInbox(row), cursor: { activeAt: row.activeAt, channelId: row.id } }))
}

type PageValues = { districtId: string; actorId: string; limit: number } & { [Key in keyof ChannelCursor]: ChannelCursor[Key] | undefined }

const pageOf = fixedStatement((values: PageValues, shape: { hasReadAlongs: boolean; isFirst: boolean }) => {
  const { districtId, actorId, limit } = values
  const activeAt = sql`coalesce(c.last_message_at, c.created_at)`
  return sql<ChannelRow & InboxRow & { activeAt: string }>`
    with partners as materialized (
      select * from ${livePartners(districtId, actorId)} live
      ${shape.hasReadAlongs ? sql`union select * from ${liveReadAlongs(districtId, actorId)} along` : sql``}),
    page as materialized (
      select c.*, ${activeAt} as active_at
      from partners p
      join channels c on c.district_id = ${districtId} and c.teacher_id = p.teacher_id and c.participant_id = p.participant_id
        and c.student_id = p.student_id and c.school_year = p.school_year
      ${shape.isFirst ? sql`` : sql`where (${activeAt}, c.id) < (${values.activeAt}::timestamptz, ${values.channelId}::uuid)`}
      order by ${activeAt} desc, c.id desc
      limit ${limit})
    select ${channelColumns('page')}, page.active_at as "activeAt", ${inboxColumns}
    from page ${inboxJoins(districtId, 'page', actorId)}
    order by page.active_at desc, page.id desc`
})
