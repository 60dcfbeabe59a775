import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { announcementColumns, placedColumns, toPlaced, type PlacedAnnouncement, type PlacedRow } from './announcementRow.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isReadable, livePlaces, standingTo } from './liveSection.ts'

/** A place in the list: newest first, then by id. `createdAt` is as the database wrote it: a `Date` would lose its microseconds. */
export type AnnouncementCursor = { createdAt: string; id: string }

/** An announcement as somebody may see it. */
export type SeenAnnouncement = PlacedAnnouncement & { cursor: AnnouncementCursor; attachments: AttachmentRecord[] }

/** Of all sections or of one; `before` reads older ones, newest first, and `after` newer ones, oldest first; neither starts at the newest. With `id`, that one alone. */
export type AnnouncementPage = {
  actorId: string
  limit: number
  sectionId?: string | undefined
  id?: string | undefined
  before?: AnnouncementCursor | undefined
  after?: AnnouncementCursor | undefined
}

/**
 * What the actor may see of what was said in the sections in which the live roster puts them, as teacher, student or guardian; and of their own, that it was
 * withdrawn. The sections come first, then the announcements of each. Call it under `readDistrict`: announcements and attachments are of one snapshot.
 */
export const listAnnouncements = async (tx: DistrictTransaction, page: AnnouncementPage): Promise<SeenAnnouncement[]> => {
  const rows = await findPage(tx, page)
  const attachments = await findAttachmentsOf(tx, rows)
  return rows.map(({ at, ...row }) => ({
    ...toPlaced(row),
    cursor: { createdAt: at, id: row.id },
    attachments: attachments.filter(({ announcementId }) => announcementId === row.id),
  }))
}

const findPage = ({ db, districtId }: DistrictTransaction, page: AnnouncementPage): Promise<(PlacedRow & { at: string })[]> => {
  const { actorId, limit, sectionId, id, before, after } = page
  const order = after === undefined ? sql`desc` : sql`asc`
  return findRows(
    db,
    sql<PlacedRow & { at: string }>`
      with places as materialized (select * from ${livePlaces(districtId, actorId)} live ${sectionId === undefined ? sql`` : sql`where live.section_id = ${sectionId}`})
      select ${announcementColumns('n')}, ${placedColumns('p', 'n', actorId)}, n.created_at as at
      from places p
      cross join lateral (
        select n.* from announcements n
        where n.district_id = ${districtId} and n.section_id = p.section_id
          and (${isReadable('p', 'n', actorId)} or (n.withdrawn_at is not null and n.author_id = ${actorId} and ${standingTo('p', 'n', actorId)} = 'teacher'))
          ${id === undefined ? sql`` : sql`and n.id = ${id}`}
          ${before === undefined ? sql`` : sql`and (n.created_at, n.id) < (${before.createdAt}::timestamptz, ${before.id}::uuid)`}
          ${after === undefined ? sql`` : sql`and (n.created_at, n.id) > (${after.createdAt}::timestamptz, ${after.id}::uuid)`}
        order by n.created_at ${order}, n.id ${order} limit ${limit}) n
      order by n.created_at ${order}, n.id ${order} limit ${limit}`,
  )
}

/** Files of announcements that were decided in the same snapshot; of a withdrawn one there are none any more. */
const findAttachmentsOf = async ({ db, districtId }: DistrictTransaction, rows: readonly PlacedRow[]): Promise<AttachmentRecord[]> => {
  const ids = rows.filter(({ withdrawnAt, hasFiles }) => withdrawnAt === null && hasFiles).map(({ id }) => id)
  if (ids.length === 0) return []
  const found = await findRows(
    db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')} from attachments a
      where a.district_id = ${districtId} and a.announcement_id = any(${ids}::uuid[])
      order by a.announcement_id, a.position`,
  )
  return found.map(toAttachment)
}
