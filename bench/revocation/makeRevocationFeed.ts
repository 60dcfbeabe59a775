import { buffer } from 'node:stream/consumers'
import { writeFeed, type FeedTable } from '../../clients/oneroster/writeFeed.ts'

/** The pair who read and write, the section that alone connects them, another teacher of it who reads along, and the enrollment whose end parts them all. */
export const pair = {
  teacher: 'teacher-0',
  student: 'student-0',
  section: 'section-0',
  along: 'teacher-along',
  seat: 'seat-reader',
} as const

/** `isConnected`: whether the pair's enrollment is in the feed. Without it one in fifty of the others is another, too. */
export type RevocationFeed = { enrollments: number; isConnected: boolean }

const perSection = 25
const lead = ['', '']

const table = (file: FeedTable['file'], header: readonly string[], rows: () => Iterable<readonly string[]>): FeedTable => ({
  file,
  rows: async function* () {
    yield ['sourcedId', 'status', 'dateLastModified', ...header]
    for (const [sourcedId = '', ...cells] of rows()) yield [sourcedId, ...lead, ...cells]
  },
})

const count = <T>(to: number, of: (n: number) => T): T[] => Array.from({ length: to }, (_, n) => of(n))

const toTables = ({ enrollments, isConnected }: RevocationFeed): FeedTable[] => {
  const sections = Math.ceil(enrollments / (perSection + 1))
  const people = [
    ...count(sections, (n) => [`teacher-${n}`, 'teacher']),
    [pair.along, 'teacher'],
    // Some more than there are seats for in any one section, so that a seat can become another's.
    ...count(enrollments, (n) => [`student-${n}`, 'student']),
  ]
  const seats = [
    ...count(sections, (n) => [`seat-t${n}`, `section-${n}`, `teacher-${n}`, 'teacher']),
    ['seat-along', pair.section, pair.along, 'teacher'],
    ...count(enrollments - sections - 1, (n) => {
      const isOther = !isConnected && n % 50 === 0
      const section = 1 + (n % (sections - 1))
      return [`${isOther ? 'other' : 'seat'}-${n}`, `section-${section}`, `student-${1 + (isOther ? n + 1 : n)}`, 'student']
    }),
    ...(isConnected ? [[pair.seat, pair.section, pair.student, 'student']] : []),
  ]
  return [
    table('orgs', ['name', 'type'], () => [
      ['district', 'District', 'district'],
      ['school', 'School', 'school'],
    ]),
    table('academicSessions', ['title', 'type', 'startDate', 'endDate', 'schoolYear'], () => [
      ['term', 'Year', 'schoolYear', '2000-08-01', '2099-07-01', '2027'],
    ]),
    table('courses', ['title'], () => [['course', 'Course']]),
    table('classes', ['title', 'courseSourcedId', 'schoolSourcedId', 'termSourcedIds'], () =>
      count(sections, (n) => [`section-${n}`, `Section ${n}`, 'course', 'school', 'term']),
    ),
    table('users', ['enabledUser', 'givenName', 'familyName', 'email'], () =>
      people.map(([id = '']) => [id, 'true', 'Given', 'Family', `${id}@example.org`]),
    ),
    table('roles', ['userSourcedId', 'roleType', 'role', 'orgSourcedId'], () =>
      people.map(([id = '', role = '']) => [`role-${id}`, id, 'primary', role, 'school']),
    ),
    table('enrollments', ['classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role'], () =>
      seats.map(([id = '', section = '', user = '', role = '']) => [id, section, 'school', user, role]),
    ),
  ]
}

/** The feed as a zip. */
export const makeRevocationFeed = (feed: RevocationFeed): Promise<Buffer> =>
  buffer(writeFeed(toTables(feed), { version: '1.2', mode: 'bulk' }))
