/** `undecided`: nobody has said for a day what became of it. */
export type ReportNews = 'flagged' | 'undecided'

/** What those whom the district names are told by mail of a report. It names no person, no kind and no word of it: mail is not private. */
export const toReportNotice = (
  news: ReportNews,
  { reportId, isNobodyNamed }: { reportId: string; isNobodyNamed: boolean },
): { subject: string; text: string } => {
  const what = 'Something that was written in your district was reported, or raised a concern by its words. Please look at it soon.'
  const how = `Sign in to read it, and say what became of it. The report is ${reportId}.`
  const nobody =
    'Nobody of your district has the permission to look at reports ("safety"), so you are told. Have it given to somebody: until then nobody can.'
  const text = [what, how, ...(isNobodyNamed ? [nobody] : [])].join('\n\n')
  return news === 'flagged' ? { subject: 'A report waits for you', text } : { subject: 'A report has waited for a day', text }
}
