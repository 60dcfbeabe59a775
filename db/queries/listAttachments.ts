import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { attachmentColumns } from './attachmentRow.ts'
import type { AttachmentRow } from './attachmentRow.ts'
import { toAttachmentFacts } from './attachmentFacts.ts'
import type { AttachmentFacts } from './attachmentFacts.ts'
import { isShownAttachment } from './isShown.ts'
import { mayRead, type ReadsAs } from './readsAlong.ts'

/**
 * The attachments of a channel that the actor may see, newest first, by id before `before`: what was posted, and the actor's own. Empty
 * unless the live roster connects the channel's people and the actor is one of them.
 */
export const listAttachments = async (
  tx: DistrictTransaction,
  {
    channelId,
    actorId,
    as,
    before,
    limit,
  }: { channelId: string; actorId: string; as: ReadsAs; before?: string | undefined; limit: number },
): Promise<AttachmentFacts[]> => {
  const rows = await findRows(
    tx.db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')}
      from channels c
      join attachments a on a.district_id = c.district_id and a.channel_id = c.id
      where c.district_id = ${tx.districtId} and c.id = ${channelId} and ${mayRead(tx.districtId, 'c', actorId, as, 'attachments')}
        and a.district_id = ${tx.districtId} and a.channel_id = ${channelId}
        and ${isShownAttachment('a', 'c', actorId)}
        ${before === undefined ? sql`` : sql`and a.id < ${before}`}
      order by a.id desc
      limit ${limit}`,
  )
  return rows.map((row) => toAttachmentFacts({ ...row, isSeen: true }, actorId))
}
