import type { UserRole } from '../domain/access.ts'
import type { RosterRows } from '../db/rosterRows.ts'

export type SamplePerson = { id: string; name: string }

/**
 * One active person of each role that the roster has, chosen so that they belong together: the
 * student is the teacher's today, and the guardian may be written to about that student.
 */
export const pickSamplePeople = (rows: RosterRows): Partial<Record<UserRole, SamplePerson>> => {
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
  const people: Partial<Record<UserRole, SamplePerson>> = {}
  for (const user of [...chosen, ...active.values()]) people[user.role] ??= { id: user.id, name: `${user.givenName} ${user.familyName}` }
  return people
}
