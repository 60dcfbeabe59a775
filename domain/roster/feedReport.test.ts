import { expect, test } from 'vitest'
import { createFeedReport, findingCodes } from './feedReport.ts'
import type { FindingCode } from './feedReport.ts'
import type { RosterRow } from './rosterRow.ts'

const user: RosterRow = {
  kind: 'user',
  sourcedId: 'u',
  givenName: 'G',
  familyName: 'F',
  email: null,
  phone: null,
  isEnabled: true,
  custody: 'permitted',
  language: null,
}
const term: RosterRow = {
  kind: 'term',
  sourcedId: 't',
  title: 'T',
  type: 'term',
  schoolYear: 2027,
  begins: '2026-08-24',
  ends: '2027-06-12',
}
const enrolled = (role: 'student' | 'teacher'): RosterRow => ({
  kind: 'enrollment',
  sourcedId: role,
  userSourcedId: 'u',
  sectionSourcedId: 'k',
  role,
  begins: null,
  ends: null,
})
const link: RosterRow = { kind: 'guardian-link', userSourcedId: 'u', agentSourcedId: 'g' }

type Counted = { file: 'users' | 'academicSessions' | 'enrollments' | 'roles'; row: RosterRow | null }

const report = (rows: readonly Counted[], { mode = 'bulk', today = '2026-10-05' }: { mode?: 'bulk' | 'delta'; today?: string } = {}) => {
  const files = (['academicSessions', 'users', 'roles', 'enrollments'] as const).filter((file) => rows.some((of) => of.file === file))
  const { add, finish } = createFeedReport({ version: '1.2', files: files.map((file) => ({ file, mode })) })
  const fault = { file: 'users', line: 2, column: null, code: 'row-short', sourcedId: null, reference: null } as const
  for (const { file, row } of rows)
    add({ file, rows: row === null ? [] : [row], rejects: row === null ? [{ ...fault, file }] : [], notes: [] })
  return finish(today)
}

const whole: readonly Counted[] = [
  { file: 'academicSessions', row: term },
  { file: 'users', row: user },
  { file: 'users', row: link },
  { file: 'roles', row: null },
  { file: 'enrollments', row: enrolled('student') },
  { file: 'enrollments', row: enrolled('teacher') },
]
const without = (unwanted: RosterRow | null): Counted[] => whole.filter(({ row }) => JSON.stringify(row) !== JSON.stringify(unwanted))

const cases: [FindingCode, () => ReturnType<typeof report>][] = [
  ['rejects-many', () => report([...whole, { file: 'users', row: null }])],
  ['students-missing', () => report(without(enrolled('student')))],
  ['teachers-missing', () => report(without(enrolled('teacher')))],
  ['guardian-links-missing', () => report(without(link))],
  ['custody-missing', () => report([...without(user), { file: 'users', row: { ...user, custody: 'unknown' } }])],
  ['roles-missing', () => report(without(null))],
  ['terms-over', () => report([...whole], { today: '2027-06-12' })],
  ['references-open', () => report([...whole], { mode: 'delta' })],
]

test('every finding is shown here', () => {
  expect(cases.map(([code]) => code).toSorted()).toEqual(Object.keys(findingCodes).toSorted())
})

test.each(cases)('a report finds %s, and does not where it is not so', (code, make) => {
  expect(make().findings).toContain(code)
  const sound = report(without(null).concat([{ file: 'roles', row: { ...user } }]))
  expect(sound.findings).toEqual([])
})

test('a report counts each line once, as taken, rejected or left out', () => {
  const { files } = report([...whole])
  expect(files.map(({ lines, taken, rejected, leftOut }) => lines === taken + rejected + leftOut)).toEqual([true, true, true, true])
  expect(files.find(({ file }) => file === 'roles')).toMatchObject({ lines: 1, rejected: 1 })
})
