import type { Grade } from '../../domain/roster/grades.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import type { UserRole } from '../../domain/access.ts'
import type { FeedRows } from './rosterRoom.ts'

/** A person of a small invented district: an id, and what they are. */
export type PersonSpec = {
  id: string
  role: UserRole
  custody?: 'permitted' | 'denied' | 'unknown'
  /** Of the roster's; nothing, as in a feed: none. */
  language?: string
  agents?: readonly string[]
  isEnabled?: boolean
}
export type SeatSpec = { id: string; user: string; section: string; role: 'teacher' | 'student' | 'aide'; begins?: string; ends?: string }
export type DistrictSpec = {
  people: readonly PersonSpec[]
  sections: readonly string[]
  seats: readonly SeatSpec[]
  terms?: readonly string[]
}

const user = ({ id, custody = 'unknown', language = '', isEnabled = true }: PersonSpec): RosterRow => ({
  kind: 'user',
  sourcedId: id,
  givenName: `Given ${id}`,
  familyName: 'Family',
  email: `${id}@example.org`,
  phone: null,
  isEnabled,
  custody,
  language: language === '' ? null : language,
})

export const linksOf = ({ id, agents = [] }: PersonSpec): RosterRow[] =>
  agents.map((agentSourcedId) => ({ kind: 'guardian-link', userSourcedId: id, agentSourcedId }))

export const term = (id: string, begins = '2000-01-01', ends = '2999-01-01'): RosterRow => ({
  kind: 'term',
  sourcedId: id,
  title: id,
  type: 'term',
  schoolYear: 2031,
  begins,
  ends,
})

export const section = (id: string, terms: readonly string[] = ['t'], grades: readonly Grade[] = []): RosterRow => ({
  kind: 'section',
  sourcedId: id,
  title: id,
  courseSourcedId: 'c',
  schoolSourcedId: 's',
  termSourcedIds: [...terms],
  grades: [...grades],
})

export const seat = ({ id, user: userSourcedId, section: sectionSourcedId, role, begins, ends }: SeatSpec): RosterRow => ({
  kind: 'enrollment',
  sourcedId: id,
  userSourcedId,
  sectionSourcedId,
  role,
  begins: begins ?? null,
  ends: ends ?? null,
})

export const personRows = (person: PersonSpec): RosterRow[] => [user(person), ...linksOf(person)]

/** The whole district as the files of a feed. */
export const toFeedRows = ({ people, sections, seats, terms = ['t'] }: DistrictSpec): FeedRows => ({
  orgs: [{ kind: 'org', sourcedId: 's', name: 'School', type: 'school' }],
  academicSessions: terms.map((id) => term(id)),
  courses: [{ kind: 'course', sourcedId: 'c', title: 'Course' }],
  classes: sections.map((id) => section(id)),
  users: people.flatMap(personRows),
  roles: people.map(({ id, role }) => ({
    kind: 'role',
    sourcedId: `r-${id}`,
    userSourcedId: id,
    orgSourcedId: 's',
    role,
    begins: null,
    ends: null,
  })),
  enrollments: seats.map(seat),
})
