import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findPeople } from '../../db/queries/findPeople.ts'
import type { ReportRef } from '../../db/queries/isReportOpenTo.ts'
import { findReportedAnnouncement } from '../../db/queries/findReportedAnnouncement.ts'
import { listReportActs, listReports, type ReportRecord } from '../../db/queries/listReports.ts'
import { listReportedMessages } from '../../db/queries/listReportedMessages.ts'
import { hidden } from '../requireAllowed.ts'
import type { ReportDetailView, ReportView } from '../schemas/reportSchema.ts'
import { toAuditedAnnouncement } from './toAuditedAnnouncements.ts'
import { toAuditedMessageViews } from './toAuditedViews.ts'

type People = Awaited<ReturnType<typeof findPeople>>

const personOf = (people: People, id: string) => {
  const person = people.get(id)
  // Foreign keys promise it.
  if (person === undefined) throw new Error('a report names a person who is not there')
  return person
}

const toView = (people: People, { reporterId, authorId, createdAt, ...report }: ReportRecord): ReportView => ({
  ...report,
  reporter: reporterId === null ? null : personOf(people, reporterId),
  author: personOf(people, authorId),
  createdAt: createdAt.toISOString(),
})

const isSomebody = (id: string | null): id is string => id !== null

/** Reports with the names of their people. */
export const toReportViews = async (tx: DistrictTransaction, reports: readonly ReportRecord[]): Promise<ReportView[]> => {
  const people = await findPeople(tx, reports.flatMap(({ reporterId, authorId }) => [reporterId, authorId]).filter(isSomebody))
  return reports.map((report) => toView(people, report))
}

/** @throws {Refusal} the uniform 404 when there is none, or it is about what the viewer wrote. */
export const requireReport = async (tx: DistrictTransaction, { reportId, viewerId }: ReportRef): Promise<ReportView> => {
  const [report] = await toReportViews(tx, await listReports(tx, { viewerId, id: reportId, limit: 1 }))
  if (report === undefined) throw hidden()
  return report
}

/** A report with what it is about, and everything that was done with it. The caller has written the look down. */
export const loadReportDetail = async (tx: DistrictTransaction, cipher: ColumnCipher, ref: ReportRef): Promise<ReportDetailView> => {
  const report = await requireReport(tx, ref)
  const { channelId } = report
  const messages = channelId === null ? [] : await toAuditedMessageViews(tx, cipher, channelId, await listReportedMessages(tx, ref))
  const announcement = await findReportedAnnouncement(tx, ref)
  const acts = await listReportActs(tx, ref.reportId)
  const people = await findPeople(tx, acts.map(({ actorId }) => actorId).filter(isSomebody))
  return {
    ...report,
    messages,
    announcement: announcement && (await toAuditedAnnouncement(tx, cipher, announcement)),
    acts: acts.map(({ actorId, at, ...act }) => ({
      ...act,
      actor: actorId === null ? null : personOf(people, actorId),
      at: at.toISOString(),
    })),
  }
}
