import type { EnrollmentRow, RosterRows, SectionRow, UserRow } from '../roster/rosterRows.ts'

/** A teacher and a student whom one section connects, and nothing else: the student's enrollment there is all that there is between them. */
export type SinglePair = { teacher: UserRow; student: UserRow; section: SectionRow; enrollment: EnrollmentRow }

/** The last such pair of a section that runs all year; null when there is none. */
export const findSinglePair = ({ users, sections, terms, enrollments }: RosterRows): SinglePair | null => {
  const [year] = terms
  const people = new Map(users.map((user) => [user.id, user]))
  const teaching = Map.groupBy(
    enrollments.filter(({ role }) => role !== 'student'),
    ({ sectionId }) => sectionId,
  )
  const learning = Map.groupBy(
    enrollments.filter(({ role }) => role === 'student'),
    ({ userId }) => userId,
  )
  const sectionsOf = new Map(sections.map((section) => [section.id, section]))
  for (const [studentId, seats] of [...learning].toReversed()) {
    const teachers = seats.flatMap(({ sectionId }) => (teaching.get(sectionId) ?? []).map(({ userId }) => userId))
    for (const enrollment of seats) {
      const section = sectionsOf.get(enrollment.sectionId)
      const lead = teaching.get(enrollment.sectionId)?.find(({ role }) => role === 'teacher')
      const [teacher, student] = [people.get(lead?.userId ?? ''), people.get(studentId)]
      if (section === undefined || teacher === undefined || student === undefined) continue
      const isAllYear = section.termIds.some((id) => id === year?.id)
      if (isAllYear && teachers.filter((id) => id === teacher.id).length === 1) return { teacher, student, section, enrollment }
    }
  }
  return null
}
