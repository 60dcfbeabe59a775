import type { RosterRows, SectionRow, UserRow } from '../roster/rosterRows.ts'

/** Given names of the sample district that are words too, of which a translator makes other words. */
const words = new Set(['Rose'])

/** A section with a student whose name is a word, a guardian of theirs, and a guardian of another student there. */
export type NamedAfterAWord = { teacher: UserRow; student: UserRow; section: SectionRow; guardian: UserRow; otherGuardian: UserRow }

/** The first such section that runs all year, with guardians who may be written to and have no other child there; null when there is none. */
export const findNamedAfterAWord = ({ users, sections, terms, enrollments, guardianships }: RosterRows): NamedAfterAWord | null => {
  const [year] = terms
  const people = new Map(users.map((user) => [user.id, user]))
  const seats = Map.groupBy(enrollments, ({ sectionId }) => sectionId)
  for (const section of sections) {
    const there = seats.get(section.id) ?? []
    const lead = there.find(({ role }) => role === 'teacher')
    const teacher = people.get(lead?.userId ?? '')
    if (teacher === undefined || !section.termIds.some((id) => id === year?.id)) continue
    const learning = new Set(there.flatMap(({ role, userId }) => (role === 'student' ? [userId] : [])))
    const links = guardianships.filter(({ studentId }) => learning.has(studentId))
    const isAloneHere = ({ guardianId }: { guardianId: string }): boolean =>
      links.filter((link) => link.guardianId === guardianId).length === 1 && people.get(guardianId)?.role === 'guardian'
    const reached = links.filter((link) => link.custody === 'permitted' && isAloneHere(link))
    const own = reached.find(({ studentId }) => words.has(people.get(studentId)?.givenName ?? ''))
    const other = reached.find(({ studentId }) => studentId !== own?.studentId)
    const [student, guardian, otherGuardian] = [own?.studentId, own?.guardianId, other?.guardianId].map((id) => people.get(id ?? ''))
    if (student !== undefined && guardian !== undefined && otherGuardian !== undefined)
      return { teacher, student, section, guardian, otherGuardian }
  }
  return null
}
