import type { RecipientKind } from '../announcement.ts'
import { isSwitchedOn, type Feature } from '../features.ts'
import { findGuardianshipFaults, findIntervalFaults, findPersonFaults, judgeSection } from './findFaults.ts'
import type { ReachFacts } from './reachFacts.ts'

/** Whom an announcement is for, as it was made. */
export type Scope = { sectionId: string; authorId: string; recipients: RecipientKind }

/** Who receives it: `isStudent` in their own right, `childIds` as a guardian of these. */
export type ScopeRecipient = { userId: string; isStudent: boolean; childIds: string[] }

/**
 * Law 1 for a whole section, as a pure rule: while the section runs, its school has announcements, and the author teaches in it by an enrollment, its students receive what is for students, and
 * their guardians with confirmed custody what is for guardians. Nobody receives their own. `db/queries/liveSection.ts` says the same in SQL and decides
 * every request; a test holds the two together over random rosters. By user id.
 */
export const decideScope = (facts: ReachFacts, { sectionId, authorId, recipients }: Scope): ScopeRecipient[] => {
  if (!listTeachers(facts, sectionId).includes(authorId)) return []
  const students = listEnrolled(facts, sectionId, 'student').filter((id) => id !== authorId)
  const guarded = listGuarded(facts, students).filter(({ guardianId }) => guardianId !== authorId)
  const receivingStudents = recipients === 'guardians' ? [] : students
  const receivingGuardians = recipients === 'students' || !isOn(facts, sectionId, 'guardians') ? [] : guarded
  return [...new Set([...receivingStudents, ...receivingGuardians.map(({ guardianId }) => guardianId)])].toSorted().map((userId) => ({
    userId,
    isStudent: receivingStudents.includes(userId),
    childIds: [...new Set(receivingGuardians.flatMap((one) => (one.guardianId === userId ? [one.studentId] : [])))].toSorted(),
  }))
}

/** Who teaches a section that runs: everybody who may say something there, and reads what others said. */
export const listTeachers = (facts: ReachFacts, sectionId: string): string[] => listEnrolled(facts, sectionId, 'teacher')

const isOn = ({ sections, switches }: ReachFacts, sectionId: string, feature: Feature): boolean =>
  isSwitchedOn(
    switches,
    feature,
    sections.flatMap(({ id, schoolId }) => (id === sectionId ? [schoolId] : [])),
  )

const listEnrolled = (facts: ReachFacts, sectionId: string, role: 'teacher' | 'student'): string[] => {
  const section = facts.sections.find(({ id }) => id === sectionId)
  if (section === undefined || judgeSection(facts, section).faults.length > 0 || !isOn(facts, sectionId, 'announcements')) return []
  const enrolled = facts.enrollments.filter(
    (row) => row.sectionId === sectionId && row.role === role && findIntervalFaults('enrollment', row, facts.day).length === 0,
  )
  const isSound = toSound(facts)
  return [...new Set(enrolled.map(({ userId }) => userId).filter(isSound))]
}

const listGuarded = (facts: ReachFacts, students: readonly string[]) => {
  const isSound = toSound(facts)
  const among = new Set(students)
  return facts.guardianships.filter(
    (row) =>
      among.has(row.studentId) &&
      row.guardianId !== row.studentId &&
      isSound(row.guardianId) &&
      findGuardianshipFaults(row, facts.day).length === 0,
  )
}

const toSound = ({ people }: ReachFacts): ((id: string) => boolean) => {
  const sound = new Set(people.filter((person) => findPersonFaults(person).length === 0).map(({ id }) => id))
  return (id) => sound.has(id)
}
