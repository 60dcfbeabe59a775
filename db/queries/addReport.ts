import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { v7 as newId } from 'uuid'
import type { ConcernKind, ReportCategory } from '../../domain/report.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { addReportAct } from './addReportAct.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { isSeenAttachment } from './isSeenAttachment.ts'
import { isShownMessage } from './isShown.ts'
import { isReadable, livePlaces } from './liveSection.ts'
import { isReadBy } from './readsAlong.ts'
import { recordAudit } from './recordAudit.ts'

/** What is reported: a message, an announcement, or a file that is posted. */
export type ReportSubject = { messageId: string } | { announcementId: string } | { attachmentId: string }

/** Whose words raise a concern. */
export type ConcernSubject = { messageId: string } | { announcementId: string }

/** How a report asks for the run that tells of it. */
export type ReportStartFor = (ref: { districtId: string; reportId: string; attempt: number }) => OutboxStart

export type NewReport = { subject: ReportSubject; reporterId: string; category: ReportCategory; startFor: ReportStartFor }

export type AddedReport = { reportId: string; start: OutboxStart }

/**
 * Reports what the reporter sees and has not written, in one statement that asks the live roster (law 1), and asks for the run that tells of it. Null when
 * nothing was added: they may not, or have reported it before.
 */
export const addReport = async (
  tx: DistrictTransaction,
  { subject, reporterId, category, startFor }: NewReport,
): Promise<AddedReport | null> => {
  const reportId = newId()
  const added = await findRow(
    tx.db,
    sql<{ id: string }>`
      ${into}
      select ${tx.districtId}::uuid, ${reportId}::uuid, 'person', ${reporterId}::uuid, seen.channel_id, seen.message_id, seen.announcement_id,
        seen.attachment_id, seen.author_id, ${category}, 'flagged', 1, statement_timestamp()
      from (${toSeen(tx.districtId, subject, reporterId)}) seen
      where seen.author_id <> ${reporterId}
      on conflict do nothing
      returning id`,
  )
  return added === null ? null : follow(tx, reportId, reporterId, startFor)
}

/** What the words of a message or an announcement raised, in the transaction that posts it: nobody reported it, and its author sees nothing of it. */
export const addConcern = async (
  tx: DistrictTransaction,
  { kind, startFor, ...subject }: ConcernSubject & { kind: ConcernKind; startFor: ReportStartFor },
): Promise<AddedReport> => {
  const reportId = newId()
  await sql`
    ${into}
    select ${tx.districtId}::uuid, ${reportId}::uuid, 'language', null, said.channel_id, said.message_id, said.announcement_id, null, said.author_id,
      ${kind}, 'flagged', 1, statement_timestamp()
    from (${toSaid(tx.districtId, subject)}) said`.execute(tx.db)
  return follow(tx, reportId, null, startFor)
}

const follow = async (
  tx: DistrictTransaction,
  reportId: string,
  reporterId: string | null,
  startFor: ReportStartFor,
): Promise<AddedReport> => {
  await addReportAct(tx, { reportId, act: 'flagged', actorId: reporterId })
  await recordAudit(tx, {
    actor: reporterId === null ? { kind: 'system', name: 'language-check' } : { kind: 'user', id: reporterId },
    action: 'report.flag',
    target: { kind: 'report', id: reportId },
  })
  const start = startFor({ districtId: tx.districtId, reportId, attempt: 1 })
  await enqueueWorkflow(tx, start)
  return { reportId, start }
}

const into = sql`insert into reports
  (district_id, id, origin, reporter_id, channel_id, message_id, announcement_id, attachment_id, author_id, category, state, attempt, created_at)`

/** What was said, whoever may see it. */
const toSaid = (districtId: string, subject: ConcernSubject): RawBuilder<unknown> =>
  'messageId' in subject
    ? sql`select m.channel_id, m.id as message_id, null::uuid as announcement_id, m.author_id
        from messages m where m.district_id = ${districtId} and m.id = ${subject.messageId}`
    : sql`select null::uuid as channel_id, null::uuid as message_id, n.id as announcement_id, n.author_id
        from announcements n where n.district_id = ${districtId} and n.id = ${subject.announcementId}`

/** What of it the reporter sees at this moment. */
const toSeen = (districtId: string, subject: ReportSubject, reporterId: string): RawBuilder<unknown> => {
  if ('messageId' in subject)
    return sql`select m.channel_id, m.id as message_id, null::uuid as announcement_id, null::uuid as attachment_id, m.author_id
      from messages m join channels c on c.district_id = m.district_id and c.id = m.channel_id
      where m.district_id = ${districtId} and m.id = ${subject.messageId} and ${isReadBy(districtId, 'c', reporterId)}
        and ${isShownMessage('m', 'c', reporterId)}`
  if ('announcementId' in subject)
    return sql`select null::uuid as channel_id, null::uuid as message_id, n.id as announcement_id, null::uuid as attachment_id, n.author_id
      from announcements n join ${livePlaces(districtId, reporterId)} p on p.section_id = n.section_id
      where n.district_id = ${districtId} and n.id = ${subject.announcementId} and ${isReadable('p', 'n', reporterId)}`
  return sql`select a.channel_id, a.message_id, a.announcement_id, a.id as attachment_id, a.uploader_id as author_id
    from attachments a
    where a.district_id = ${districtId} and a.id = ${subject.attachmentId} and (a.message_id is not null or a.announcement_id is not null)
      and ${isSeenAttachment(districtId, 'a', reporterId)}`
}

/** The report that this person made of this before; null when there is none. It decides nothing: ask whether they still see it. */
export const findOwnReport = async (
  { db, districtId }: DistrictTransaction,
  { subject, reporterId }: { subject: ReportSubject; reporterId: string },
): Promise<string | null> => {
  const found = await findRow(
    db,
    sql<{ id: string }>`
      select r.id from reports r where r.district_id = ${districtId} and r.reporter_id = ${reporterId} and ${isAbout(subject)}`,
  )
  return found?.id ?? null
}

const isAbout = (subject: ReportSubject): RawBuilder<boolean> => {
  if ('messageId' in subject) return sql`r.message_id = ${subject.messageId} and r.attachment_id is null`
  if ('announcementId' in subject) return sql`r.announcement_id = ${subject.announcementId} and r.attachment_id is null`
  return sql`r.attachment_id = ${subject.attachmentId}`
}
