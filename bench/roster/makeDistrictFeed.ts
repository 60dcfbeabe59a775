import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { writeFeed, type FeedTable } from '../../clients/oneroster/writeFeed.ts'

/** A district of invented people: about a third of them guardians, every student in as many sections as it takes. */
export type FeedSize = { users: number; enrollments: number }

/** What stands in the feed: the same district, or one in which a share of the enrollments is another. */
export type FeedState = {
  /** Of each hundred enrollments so many end, and as many others begin. */
  changedPercent: number
}

const studentsPerSection = 25
const lead = ['sourcedId', 'status', 'dateLastModified']

const range = async function* (
  to: number,
  header: readonly string[],
  row: (n: number) => readonly string[] | null,
): AsyncGenerator<readonly string[]> {
  yield [...lead, ...header]
  for (let n = 0; n < to; n += 1) {
    const cells = row(n)
    if (cells !== null) yield cells
  }
}

/** The tables of the feed. `n` of an enrollment says everything of it, so that two feeds of one size differ exactly where they are to. */
const toTables = ({ users, enrollments }: FeedSize, { changedPercent }: FeedState): FeedTable[] => {
  const teachers = Math.ceil(users / 24)
  const students = Math.floor(((users - teachers) * 4) / 7)
  const guardians = users - teachers - students
  const sections = Math.ceil(enrollments / (studentsPerSection + 1))
  const schools = Math.ceil(students / 600)
  const role = (n: number): string => (n < teachers ? 'teacher' : n < teachers + students ? 'student' : 'guardian')
  const student = (n: number): number => teachers + (n % students)
  const isOther = (n: number): boolean => n % 100 < changedPercent
  return [
    {
      file: 'orgs',
      rows: () => range(schools + 1, ['name', 'type'], (n) => [`o${n}`, '', '', `Org ${n}`, n === 0 ? 'district' : 'school']),
    },
    {
      file: 'academicSessions',
      rows: () =>
        range(1, ['title', 'type', 'startDate', 'endDate', 'schoolYear'], () => [
          't',
          '',
          '',
          'Year',
          'schoolYear',
          '2000-08-01',
          '2099-07-01',
          '2027',
        ]),
    },
    { file: 'courses', rows: () => range(200, ['title'], (n) => [`c${n}`, '', '', `Course ${n}`]) },
    {
      file: 'classes',
      rows: () =>
        range(sections, ['title', 'courseSourcedId', 'schoolSourcedId', 'termSourcedIds'], (n) => [
          `k${n}`,
          '',
          '',
          `Section ${n}`,
          `c${n % 200}`,
          `o${1 + (n % schools)}`,
          't',
        ]),
    },
    {
      file: 'users',
      rows: () =>
        range(users, ['enabledUser', 'givenName', 'familyName', 'email', 'agentSourcedIds', 'metadata.custody'], (n) => [
          `u${n}`,
          '',
          '',
          'true',
          `Given${n}`,
          `Family${n % 977}`,
          `u${n}@example.org`,
          role(n) === 'student' ? `u${teachers + students + ((n - teachers) % guardians)}` : '',
          role(n) === 'guardian' ? 'yes' : '',
        ]),
    },
    {
      file: 'roles',
      rows: () =>
        range(users, ['userSourcedId', 'roleType', 'role', 'orgSourcedId'], (n) => [
          `r${n}`,
          '',
          '',
          `u${n}`,
          'primary',
          role(n),
          `o${1 + (n % schools)}`,
        ]),
    },
    {
      file: 'enrollments',
      rows: () =>
        range(enrollments, ['classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role'], (n) => {
          const section = n % sections
          const isTeacher = n < sections
          const id = isOther(n) && !isTeacher ? `x${n}` : `e${n}`
          const who = isTeacher ? n % teachers : student(isOther(n) ? n * 7 + 1 : n * 7)
          return [id, '', '', `k${section}`, `o${1 + (section % schools)}`, `u${who}`, isTeacher ? 'teacher' : 'student']
        }),
    },
  ]
}

/** Writes the feed as a zip at `path`. */
export const makeDistrictFeed = async (path: string, size: FeedSize, state: FeedState): Promise<void> => {
  await pipeline(writeFeed(toTables(size, state), { version: '1.2', mode: 'bulk' }), createWriteStream(path))
}
