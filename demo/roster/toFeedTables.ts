import type { FeedVersion, TakenFile } from '../../domain/roster/feedFiles.ts'
import type { EnrollmentRow, RosterRows, UserRow } from './rosterRows.ts'

/** The files of a feed, by name, as rows of cells; the header first. */
export type FeedTables = Partial<Record<TakenFile, string[][]>>

/** The column in which the sample feeds say whether a guardian may be written to. */
export const sampleCustody = { column: 'metadata.custody', permitted: ['yes'], denied: ['no'] } as const

const userRole: Readonly<Record<UserRow['role'], string>> = {
  teacher: 'teacher',
  student: 'student',
  guardian: 'guardian',
  aide: 'aide',
  staff: 'administrator',
}
const custodyWord = { permitted: 'yes', denied: 'no', unknown: '' } as const
const districtId = 'district'

const lead = (sourcedId: string): string[] => [sourcedId, '', '']

const table = <Row>(columns: string, from: readonly Row[], toCells: (row: Row) => string[]): string[][] => [
  ['sourcedId', 'status', 'dateLastModified', ...columns.split(' ')],
  ...from.map(toCells),
]

/** A roster as its SIS would export it, in bulk. */
export const toFeedTables = (rows: RosterRows, version: FeedVersion): FeedTables => {
  const ids = new Map(
    [rows.schools, rows.terms, rows.courses, rows.sections, rows.users].flat().map((row): [string, string] => [row.id, row.sourcedId]),
  )
  const of = (id: string): string => ids.get(id) ?? ''
  const tables: FeedTables = {
    orgs: [
      ...table('name type', rows.schools, (school) => [...lead(school.sourcedId), school.name, 'school']),
      [...lead(districtId), rows.district.name, 'district'],
    ],
    academicSessions: table('title type startDate endDate schoolYear', rows.terms, (term) => [
      ...lead(term.sourcedId),
      term.title,
      term.sourcedId.startsWith('year') ? 'schoolYear' : 'semester',
      term.begins,
      term.ends,
      String(term.schoolYear),
    ]),
    courses: table('title orgSourcedId', rows.courses, (course) => [...lead(course.sourcedId), course.title, districtId]),
    classes: table('title courseSourcedId classType schoolSourcedId termSourcedIds', rows.sections, (section) => [
      ...lead(section.sourcedId),
      section.title,
      of(section.courseId),
      'scheduled',
      of(section.schoolId),
      section.termIds.map(of).join(','),
    ]),
    users: toUsers(rows, version, of),
    enrollments: table('classSourcedId schoolSourcedId userSourcedId role beginDate endDate', rows.enrollments, (row: EnrollmentRow) => [
      ...lead(row.sourcedId),
      of(row.sectionId),
      of(rows.sections.find(({ id }) => id === row.sectionId)?.schoolId ?? ''),
      of(row.userId),
      row.role,
      row.begins,
      row.ends ?? '',
    ]),
  }
  if (version === '1.2')
    tables.roles = table('userSourcedId roleType role orgSourcedId', rows.users, (user) => [
      ...lead(`role-${user.sourcedId}`),
      user.sourcedId,
      'primary',
      user.role === 'staff' ? 'districtAdministrator' : userRole[user.role],
      districtId,
    ])
  return tables
}

const toUsers = (rows: RosterRows, version: FeedVersion, of: (id: string) => string): string[][] => {
  const guardiansOf = Map.groupBy(rows.guardianships, (link) => link.studentId)
  const custodyOf = new Map(rows.guardianships.map((link) => [link.guardianId, link.custody]))
  const inVersion = version === '1.1' ? ' orgSourcedIds role' : ''
  return table(
    `enabledUser${inVersion} username givenName familyName email phone agentSourcedIds ${sampleCustody.column}`,
    rows.users,
    (user) => [
      user.sourcedId,
      '',
      '',
      String(user.active),
      ...(version === '1.1' ? [districtId, userRole[user.role]] : []),
      user.sourcedId,
      user.givenName,
      user.familyName,
      user.email ?? '',
      user.phone ?? '',
      (guardiansOf.get(user.id) ?? []).map((link) => of(link.guardianId)).join(','),
      custodyWord[custodyOf.get(user.id) ?? 'unknown'],
    ],
  )
}
