import type { UserRole } from '../../domain/access.ts'
import type { Day } from './schoolYear.ts'

type Row = { id: string; sourcedId: string }

export type SchoolRow = Row & { name: string }
export type TermRow = Row & { title: string; schoolYear: number; begins: Day; ends: Day }
export type CourseRow = Row & { title: string }
export type SectionRow = Row & { schoolId: string; courseId: string; termId: string; title: string }
export type UserRow = Row & {
  role: UserRole
  givenName: string
  familyName: string
  email: string | null
  phone: string | null
  preferredLanguage: string
  active: boolean
}
export type EnrollmentRow = Row & {
  userId: string
  sectionId: string
  role: 'student' | 'teacher' | 'aide'
  begins: Day
  ends: Day | null
}
export type GuardianshipRow = {
  id: string
  guardianId: string
  studentId: string
  relation: string
  custody: 'permitted' | 'denied' | 'unknown'
  begins: Day
  ends: Day | null
}

/** One district's whole roster. `begins` is inclusive, `ends` exclusive and null while open. */
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
