import { buffer } from 'node:stream/consumers'
import { writeFeed, type FeedTable } from '../../clients/oneroster/writeFeed.ts'

/** Who posts, and to which two sections: of `small` and of `large` students. */
export const names = { teacher: 'teacher', small: 'section-small', large: 'section-large' } as const
/** The nth student of a section. */
export const studentOf = (section: string, n: number): string => `student-${section}-${n}`

const table = (file: FeedTable['file'], header: readonly string[], rows: readonly (readonly string[])[]): FeedTable => ({
  file,
  rows: async function* () {
    yield ['sourcedId', 'status', 'dateLastModified', ...header]
    for (const [sourcedId = '', ...cells] of rows) yield [sourcedId, '', '', ...cells]
  },
})

/** A district with one teacher and two sections, as a zip. */
export const makeMessagingFeed = ({ small, large }: { small: number; large: number }): Promise<Buffer> => {
  const learners = [
    [names.small, small],
    [names.large, large],
  ].flatMap(([section, count]) =>
    Array.from({ length: Number(count) }, (_, n) => ({ section: String(section), id: studentOf(String(section), n) })),
  )
  const people = [[names.teacher, 'teacher'], ...learners.map(({ id }) => [id, 'student'])]
  const tables = [
    table(
      'orgs',
      ['name', 'type'],
      [
        ['district', 'District', 'district'],
        ['school', 'School', 'school'],
      ],
    ),
    table(
      'academicSessions',
      ['title', 'type', 'startDate', 'endDate', 'schoolYear'],
      [['term', 'Year', 'schoolYear', '2000-08-01', '2099-07-01', '2027']],
    ),
    table('courses', ['title'], [['course', 'Course']]),
    table(
      'classes',
      ['title', 'courseSourcedId', 'schoolSourcedId', 'termSourcedIds'],
      [names.small, names.large].map((section) => [section, 'Section', 'course', 'school', 'term']),
    ),
    table(
      'users',
      ['enabledUser', 'givenName', 'familyName', 'email'],
      people.map(([id = '']) => [id, 'true', 'Given', 'Family', `${id}@example.org`]),
    ),
    table(
      'roles',
      ['userSourcedId', 'roleType', 'role', 'orgSourcedId'],
      people.map(([id = '', role = '']) => [`role-${id}`, id, 'primary', role, 'school']),
    ),
    table(
      'enrollments',
      ['classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role'],
      [
        ...[names.small, names.large].map((section) => [`seat-${section}`, section, 'school', names.teacher, 'teacher']),
        ...learners.map(({ section, id }) => [`seat-${id}`, section, 'school', id, 'student']),
      ],
    ),
  ]
  return buffer(writeFeed(tables, { version: '1.2', mode: 'bulk' }))
}
