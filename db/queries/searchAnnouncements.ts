import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { announcementColumns, toAnnouncement, type AnnouncementRecord, type AnnouncementRow } from './announcementRow.ts'
import { attachmentColumns, toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isAuditOpen } from './isAuditOpen.ts'
import type { AuditRef } from './isAuditOpen.ts'
import { isNotAbout } from './isReportOpenTo.ts'
import type { AnnouncementCursor } from './listAnnouncements.ts'

/** What an auditor looks for. All that is given must hold. Times are ISO 8601 with a zone; `from` is inclusive, `until` exclusive. */
export type AnnouncementSearch = {
  authorId?: string | undefined
  sectionId?: string | undefined
  schoolId?: string | undefined
  from?: string | undefined
  until?: string | undefined
  hasAttachment?: boolean | undefined
  /** Whether it was hidden or withdrawn. */
  isHidden?: boolean | undefined
  /** Whether its author was asked about it, and posted it all the same. */
  wasNudged?: boolean | undefined
  /** Whether it, or a file of it, was reported, or it raised a concern; of the auditor’s own none was. */
  isReported?: boolean | undefined
}

/** An announcement as the district reads it, whatever became of it. */
export type AuditedAnnouncement = AnnouncementRecord & { hiddenBy: string | null; wasNudged: boolean; attachments: AttachmentRecord[] }

/** One that was found, and its place in the list. */
export type FoundAnnouncement = AuditedAnnouncement & { cursor: AnnouncementCursor }

/** Of an announcement `n`. */
export const auditedAnnouncementColumns = sql`${announcementColumns('n')}, n.hidden_by as "hiddenBy", n.was_nudged as "wasNudged"`

/** What `auditedAnnouncementColumns` selects, as the driver gives it. */
export type AuditedAnnouncementRow = AnnouncementRow & { hiddenBy: string | null; wasNudged: boolean }

type Row = AuditedAnnouncementRow & { at: string }
type Search = AuditRef & { search: AnnouncementSearch; id?: string; before?: AnnouncementCursor | undefined; limit: number }

/**
 * Announcements of the district, newest first, before `before`; or the one with this id. Those of teachers and sections of long ago too. Empty when nothing may be
 * read under the audit now.
 */
export const searchAnnouncements = async (
  tx: DistrictTransaction,
  { search, id, before, limit, ...audit }: Search,
): Promise<FoundAnnouncement[]> => {
  const rows = await findRows(
    tx.db,
    sql<Row>`
      select ${auditedAnnouncementColumns}, n.created_at as at from announcements n
      where n.district_id = ${tx.districtId} and ${isAuditOpen(tx.districtId, audit)}
        ${id === undefined ? sql`` : sql`and n.id = ${id}`}
        ${before === undefined ? sql`` : sql`and (n.created_at, n.id) < (${before.createdAt}::timestamptz, ${before.id}::uuid)`}
        ${sql.join(toConditions(audit.auditorId, search), sql` `)}
      order by n.created_at desc, n.id desc limit ${limit}`,
  )
  const attachments = await findAttachmentsOf(
    tx,
    audit,
    rows.map((row) => row.id),
  )
  return rows.map(({ at, ...row }) => ({
    ...toAnnouncement(row),
    cursor: { createdAt: at, id: row.id },
    attachments: attachments.filter(({ announcementId }) => announcementId === row.id),
  }))
}

const toConditions = (auditorId: string, search: AnnouncementSearch): RawBuilder<unknown>[] =>
  [
    given(search.authorId, (id) => sql`n.author_id = ${id}`),
    given(search.sectionId, (id) => sql`n.section_id = ${id}`),
    given(
      search.schoolId,
      (id) =>
        sql`(select section.school_id from sections section where section.district_id = n.district_id and section.id = n.section_id) = ${id}`,
    ),
    given(search.from, (from) => sql`n.created_at >= ${from}::timestamptz`),
    given(search.until, (until) => sql`n.created_at < ${until}::timestamptz`),
    // Written so, it is looked up by index for each: Postgres would hash a whole table for an `exists`.
    given(
      search.hasAttachment,
      (is) =>
        sql`coalesce((select true from attachments a where a.district_id = n.district_id and a.announcement_id = n.id limit 1), false) = ${is}`,
    ),
    given(search.isHidden, (is) => sql`(n.hidden_at is not null or n.withdrawn_at is not null) = ${is}`),
    // Written out, so that the few of them have an index.
    given(search.wasNudged, (is) => (is ? sql`n.was_nudged` : sql`not n.was_nudged`)),
    given(
      search.isReported,
      (is) =>
        sql`coalesce((select true from reports r where r.district_id = n.district_id and r.announcement_id = n.id and ${isNotAbout(auditorId)} limit 1), false) = ${is}`,
    ),
  ].map((condition) => (condition === null ? sql`` : sql`and ${condition}`))

const given = <Value>(value: Value | undefined, toCondition: (value: Value) => RawBuilder<unknown>): RawBuilder<unknown> | null =>
  value === undefined ? null : toCondition(value)

const findAttachmentsOf = async (tx: DistrictTransaction, audit: AuditRef, ids: string[]): Promise<AttachmentRecord[]> => {
  if (ids.length === 0) return []
  const rows = await findRows(
    tx.db,
    sql<AttachmentRow>`
      select ${attachmentColumns('a')} from attachments a
      where a.district_id = ${tx.districtId} and a.announcement_id = any(${ids}::uuid[]) and ${isAuditOpen(tx.districtId, audit)}
      order by a.announcement_id, a.position`,
  )
  return rows.map(toAttachment)
}
