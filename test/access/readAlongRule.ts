import { isSwitchedOn, type Feature } from '../../domain/features.ts'
import type { Channel } from '../../domain/roster/decideReach.ts'
import { findGuardianshipFaults, findIntervalFaults, findPersonFaults, judgeSection } from '../../domain/roster/findFaults.ts'
import type { ReachFacts, SectionFact } from '../../domain/roster/reachFacts.ts'

/** Somebody whom the roster knows, whose account holds and whom the brake does not hold. */
const isSound = ({ people }: ReachFacts, id: string): boolean =>
  people.some((person) => person.id === id && findPersonFaults(person).length === 0)

const isEnrolled = ({ enrollments, day }: ReachFacts, sectionId: string, userId: string, role: 'teacher' | 'student'): boolean =>
  enrollments.some(
    (row) =>
      row.sectionId === sectionId && row.userId === userId && row.role === role && findIntervalFaults('enrollment', row, day).length === 0,
  )

const isGuardian = (facts: ReachFacts, guardianId: string, studentId: string): boolean =>
  isSound(facts, guardianId) &&
  facts.guardianships.some(
    (row) => row.guardianId === guardianId && row.studentId === studentId && findGuardianshipFaults(row, facts.day).length === 0,
  )

/**
 * Who reads along in a channel, as a pure rule: where a section connects its people, in its year, and the district has switched that on for the section's school, the other teachers of the
 * section, and, in a teacher's channel with a student, the student's guardians. `db/queries/readsAlong.ts` says the same in SQL and decides every request. `need`: that school has it.
 */
export const readsAlong = (facts: ReachFacts, channel: Channel, readerId: string, need?: Feature): boolean => {
  const { teacherId, participantId, studentId } = channel
  if ([teacherId, participantId, studentId].includes(readerId) || !isSound(facts, readerId)) return false
  return facts.sections.some(
    (section) =>
      connects(facts, section, channel) &&
      letsRead(facts, section, channel, readerId) &&
      (need === undefined || isOnIn(facts, section, need)),
  )
}

const isOnIn = ({ switches }: ReachFacts, { schoolId }: SectionFact, feature: Feature): boolean =>
  isSwitchedOn(switches, feature, [schoolId])

const connects = (facts: ReachFacts, section: SectionFact, { teacherId, participantId, studentId, schoolYear }: Channel): boolean => {
  const judged = judgeSection(facts, section)
  return (
    judged.faults.length === 0 &&
    judged.schoolYear === schoolYear &&
    isOnIn(facts, section, 'messaging') &&
    isSound(facts, teacherId) &&
    isSound(facts, studentId) &&
    isEnrolled(facts, section.id, teacherId, 'teacher') &&
    isEnrolled(facts, section.id, studentId, 'student') &&
    (participantId === studentId || (isOnIn(facts, section, 'guardians') && isGuardian(facts, participantId, studentId)))
  )
}

const letsRead = (facts: ReachFacts, section: SectionFact, { participantId, studentId }: Channel, readerId: string): boolean =>
  (isOnIn(facts, section, 'co-teachers-read-along') && isEnrolled(facts, section.id, readerId, 'teacher')) ||
  (participantId === studentId &&
    isOnIn(facts, section, 'guardians') &&
    isOnIn(facts, section, 'guardians-read-along') &&
    isGuardian(facts, readerId, studentId))
