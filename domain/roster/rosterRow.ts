import type { Custody } from './custody.ts'
import type { UserRole } from '../access.ts'
import type { Grade } from './grades.ts'
import type { EnrollmentRole } from './roles.ts'

/** A calendar day of the district, `2026-08-24`. */
export type FeedDay = string

/** `school` and the like. `other` is a type that the district made up itself (`ext:…`). */
export const orgTypes = ['school', 'district', 'department', 'local', 'state', 'national', 'other'] as const
export type OrgType = (typeof orgTypes)[number]
export type OrgRow = { kind: 'org'; sourcedId: string; name: string; type: OrgType }

export type TermType = 'schoolYear' | 'semester' | 'term' | 'gradingPeriod' | 'other'
/** `begins` is inclusive, `ends` exclusive. */
export type TermRow = {
  kind: 'term'
  sourcedId: string
  title: string
  type: TermType
  schoolYear: number
  begins: FeedDay
  ends: FeedDay
}

export type CourseRow = { kind: 'course'; sourcedId: string; title: string }

/** OneRoster's `class`. Has at least one term. `grades` is empty when the feed says nothing of them. */
export type SectionRow = {
  kind: 'section'
  sourcedId: string
  title: string
  courseSourcedId: string
  schoolSourcedId: string
  termSourcedIds: string[]
  grades: Grade[]
}

/**
 * `custody` is what this person's own row says of their right to be written to, `language` (BCP 47) in which language they are to be; null when it says nothing that is
 * understood.
 */
export type UserRow = {
  kind: 'user'
  sourcedId: string
  givenName: string
  familyName: string
  email: string | null
  phone: string | null
  isEnabled: boolean
  custody: Custody
  language: string | null
}

/** What a person is in an organisation. Of 1.2 a row of roles.csv; of 1.1 a user's role in each of their organisations, without an id of its own. */
export type RoleRow = {
  kind: 'role'
  sourcedId: string | null
  userSourcedId: string
  orgSourcedId: string
  role: UserRole
  begins: FeedDay | null
  ends: FeedDay | null
}

/** One of `users.agentSourcedIds`. Feeds write it on the student's row or on the guardian's; which of the two is the guardian, their roles say. */
export type GuardianLinkRow = { kind: 'guardian-link'; userSourcedId: string; agentSourcedId: string }

/**
 * Who is whose guardian, and with which custody, of one pair alone: an event's, for no file has it. `custody` null: they are no such pair any more.
 * `sourcedId` is the student's and the guardian's, with a blank between.
 */
export type GuardianshipRow = {
  kind: 'guardianship'
  sourcedId: string
  studentSourcedId: string
  guardianSourcedId: string
  custody: Custody | null
}

/** `begins` is inclusive, `ends` exclusive; null is open, and the section's terms bound it in any case. */
export type EnrollmentRow = {
  kind: 'enrollment'
  sourcedId: string
  userSourcedId: string
  sectionSourcedId: string
  role: EnrollmentRole
  begins: FeedDay | null
  ends: FeedDay | null
}

/** `tobedeleted`. Wins over every other row of the same id in the same file, wherever it stands: in doubt, revoke. */
export type RemovalRow = { kind: 'removal'; sourcedId: string }

/** What a line of a feed becomes. Nothing else of the line goes on. */
export type RosterRow =
  | OrgRow
  | TermRow
  | CourseRow
  | SectionRow
  | UserRow
  | RoleRow
  | GuardianLinkRow
  | GuardianshipRow
  | EnrollmentRow
  | RemovalRow
