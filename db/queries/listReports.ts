import { sql } from 'kysely'
import type { ReportAct, ReportCategory, ReportOrigin, ReportState } from '../../domain/report.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'
import { isNotAbout } from './isReportOpenTo.ts'

export type ReportRecord = {
  id: string
  origin: ReportOrigin
  reporterId: string | null
  /** Null of an announcement, which has an `announcementId`. */
  channelId: string | null
  messageId: string | null
  announcementId: string | null
  attachmentId: string | null
  authorId: string
  category: ReportCategory
  state: ReportState
  createdAt: Date
}

/** `id`: the one with this id. */
export type ReportPage = { viewerId: string; id?: string; state?: ReportState | undefined; before?: string | null; limit: number }

/** The district's reports, newest first, but for those of what the viewer wrote: these are as if they were not there. */
export const listReports = async ({ db, districtId }: DistrictTransaction, page: ReportPage): Promise<ReportRecord[]> => {
  const { viewerId, id, state, before = null, limit } = page
  const rows = await findRows(
    db,
    sql<Omit<ReportRecord, 'createdAt'> & { createdAt: string }>`
      select r.id, r.origin, r.reporter_id as "reporterId", r.channel_id as "channelId", r.message_id as "messageId",
        r.announcement_id as "announcementId", r.attachment_id as "attachmentId", r.author_id as "authorId", r.category, r.state, r.created_at as "createdAt"
      from reports r
      where r.district_id = ${districtId} and ${isNotAbout(viewerId)}
        ${id === undefined ? sql`` : sql`and r.id = ${id}`}
        ${state === undefined ? sql`` : sql`and r.state = ${state}`}
        and (${before}::uuid is null or r.id < ${before}::uuid)
      order by r.id desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, createdAt: toTime(row.createdAt) }))
}

export type ReportActRecord = { act: ReportAct; actorId: string | null; note: string | null; at: Date }

/** What became of a report, and who looked at it, oldest first. For whom the caller has found the report: it decides nothing. */
export const listReportActs = async ({ db, districtId }: DistrictTransaction, reportId: string): Promise<ReportActRecord[]> => {
  const rows = await findRows(
    db,
    sql<Omit<ReportActRecord, 'at'> & { at: string }>`
      select act.act, act.actor_id as "actorId", act.note, act.at from report_acts act
      where act.district_id = ${districtId} and act.report_id = ${reportId} order by act.id`,
  )
  return rows.map((row) => ({ ...row, at: toTime(row.at) }))
}
