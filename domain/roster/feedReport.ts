import type { FeedVersion, TakenFile } from './feedFiles.ts'
import type { NoteCode, Reject, RejectCode } from './rejectCodes.ts'
import type { RosterRow } from './rosterRow.ts'

/** What a feed that can be read may still have wrong: nothing of it stops a sync, and somebody should look first. */
export const findingCodes = {
  'rejects-many': 'more than one line in a hundred of a file is rejected',
  'students-missing': 'a bulk file of enrollments has no student',
  'teachers-missing': 'a bulk file of enrollments has no teacher',
  'guardian-links-missing': 'a bulk file of users names no guardian of anybody (agentSourcedIds): no guardian could be written to',
  'custody-missing': 'nobody is marked as having custody, so no guardian could be written to',
  'roles-missing': 'users come without roles.csv, which in 1.2 says who is a student, a teacher or a guardian',
  'terms-over': 'every term of a bulk file is over, so nobody could write to anybody',
  'references-open': 'the feed has changes only, so what they refer to is looked for in the district’s roster, not here',
} as const satisfies Record<string, string>
export type FindingCode = keyof typeof findingCodes

export type FileCounts = { file: TakenFile; mode: 'bulk' | 'delta'; lines: number; taken: number; rejected: number; leftOut: number }

/** Counts and codes only: no id and no value of a row. */
export type FeedReport = {
  version: FeedVersion
  files: FileCounts[]
  rows: Partial<Record<RosterRow['kind'], number>>
  rejects: { file: TakenFile; column: string | null; code: RejectCode; count: number }[]
  notes: { file: TakenFile; code: NoteCode; count: number }[]
  findings: FindingCode[]
}

type CountedLine = { file: TakenFile; rows: readonly RosterRow[]; rejects: readonly Reject[]; notes: readonly NoteCode[] }

/** Adds up what became of the lines of a feed. */
export const createFeedReport = (feed: { version: FeedVersion; files: readonly { file: TakenFile; mode: 'bulk' | 'delta' }[] }) => {
  const files = new Map(feed.files.map((of) => [of.file, { ...of, lines: 0, taken: 0, rejected: 0, leftOut: 0 }]))
  const rows: FeedReport['rows'] = {}
  const rejects = new Map<string, FeedReport['rejects'][number]>()
  const notes = new Map<string, FeedReport['notes'][number]>()
  const seen = { students: 0, teachers: 0, permitted: 0, lastEnd: '' }

  const see = (row: RosterRow): void => {
    rows[row.kind] = (rows[row.kind] ?? 0) + 1
    if (row.kind === 'enrollment' && row.role === 'student') seen.students += 1
    if (row.kind === 'enrollment' && row.role === 'teacher') seen.teachers += 1
    if (row.kind === 'user' && row.custody === 'permitted') seen.permitted += 1
    if (row.kind === 'term' && row.ends > seen.lastEnd) seen.lastEnd = row.ends
  }
  const add = (line: CountedLine): void => {
    const counts = files.get(line.file)
    if (counts === undefined) throw new Error(`${line.file} is not of this feed`)
    counts.lines += 1
    counts[line.rows.length > 0 ? 'taken' : line.rejects.length > 0 ? 'rejected' : 'leftOut'] += 1
    line.rows.forEach(see)
    for (const { file, column, code } of line.rejects) countIn(rejects, `${file} ${column} ${code}`, { file, column, code })
    for (const code of line.notes) countIn(notes, `${line.file} ${code}`, { file: line.file, code })
  }
  /** What became of the lines so far, file by file. */
  const countFiles = (): FileCounts[] => [...files.values()]
  /** @param today the district's day, for terms that are over */
  const finish = (today: string): FeedReport => {
    const isBulk = (file: TakenFile): boolean => files.get(file)?.mode === 'bulk'
    const found: Record<FindingCode, boolean> = {
      'rejects-many': [...files.values()].some(({ lines, rejected }) => rejected * 100 > lines),
      'students-missing': isBulk('enrollments') && seen.students === 0,
      'teachers-missing': isBulk('enrollments') && seen.teachers === 0,
      'guardian-links-missing': isBulk('users') && (rows['guardian-link'] ?? 0) === 0,
      'custody-missing': isBulk('users') && seen.permitted === 0,
      'roles-missing': feed.version === '1.2' && files.has('users') && !files.has('roles'),
      'terms-over': isBulk('academicSessions') && seen.lastEnd <= today,
      'references-open': [...files.values()].some(({ mode }) => mode === 'delta'),
    }
    const findings = (Object.keys(found) as FindingCode[]).filter((code) => found[code])
    return { version: feed.version, files: countFiles(), rows, rejects: [...rejects.values()], notes: [...notes.values()], findings }
  }
  return { add, countFiles, finish }
}

const countIn = <T extends object>(counts: Map<string, T & { count: number }>, key: string, of: T): void => {
  const before = counts.get(key)
  if (before === undefined) counts.set(key, { ...of, count: 1 })
  else before.count += 1
}
