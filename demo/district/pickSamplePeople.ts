import type { RosterRows, UserRow } from '../roster/rosterRows.ts'

/**
 * One active person of each role that the roster has, chosen so that they belong together: the
 * student is the teacher's today, and the guardian may be written to about that student.
 */
export const pickSamplePeople = (rows: RosterRows): UserRow[] => {
  const active = new Map(rows.users.filter((user) => user.active).map((user) => [user.id, user]))
  const enrolled = rows.enrollments.filter((enrollment) => enrollment.ends === null && active.has(enrollment.userId))
  const permitted = rows.guardianships.find(
    ({ custody, ends, guardianId, studentId }) =>
      custody === 'permitted' &&
      ends === null &&
      active.get(guardianId)?.role === 'guardian' &&
      enrolled.some(({ userId }) => userId === studentId),
  )
  const sections = new Set(enrolled.filter(({ userId }) => userId === permitted?.studentId).map(({ sectionId }) => sectionId))
  const teaching = enrolled.find(({ role, sectionId }) => role === 'teacher' && sections.has(sectionId))
  const chosen = [permitted?.guardianId, permitted?.studentId, teaching?.userId].flatMap((id) => active.get(id ?? '') ?? [])
  const people = new Map<UserRow['role'], UserRow>()
  for (const user of [...chosen, ...active.values()]) if (!people.has(user.role)) people.set(user.role, user)
  return [...people.values()]
}
