import type { UserRole } from '../../domain/access.ts'
import type { Custody } from '../../domain/roster/custody.ts'
import type { EnrollmentRole } from '../../domain/roster/roles.ts'

/** A calendar day, `2026-08-24`. */
export type Day = `${number}-${number}-${number}`

/** `sourcedId` is the district's. `id` only holds these rows together: Hallpass gives its own to whatever it imports. */
type SourcedRow = { id: string; sourcedId: string }

export type SchoolRow = SourcedRow & { name: string }
export type TermRow = SourcedRow & { title: string; schoolYear: number; begins: Day; ends: Day }
export type CourseRow = SourcedRow & { title: string }
export type SectionRow = SourcedRow & { schoolId: string; courseId: string; termIds: string[]; title: string }
export type UserRow = SourcedRow & {
  role: UserRole
  givenName: string
  familyName: string
  email: string | null
  phone: string | null
  preferredLanguage: string
  active: boolean
}
export type EnrollmentRow = SourcedRow & { userId: string; sectionId: string; role: EnrollmentRole; begins: Day; ends: Day | null }
export type GuardianshipRow = {
  id: string
  guardianId: string
  studentId: string
  relation: string
  custody: Custody
  begins: Day
  ends: Day | null
}

/** One district's whole roster, as the system that sends it knows it. `begins` is inclusive, `ends` exclusive and null while open. */
export type RosterRows = {
  district: { id: string; name: string; timeZone: string }
  schools: SchoolRow[]
  terms: TermRow[]
  courses: CourseRow[]
  sections: SectionRow[]
  users: UserRow[]
  enrollments: EnrollmentRow[]
  guardianships: GuardianshipRow[]
}
