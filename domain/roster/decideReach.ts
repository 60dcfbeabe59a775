import {
  findGuardianshipFaults,
  findIntervalFaults,
  findPersonFaults,
  findPresentYear,
  findProviderFaults,
  findSchoolsOf,
  findSwitchFaults,
  judgeSection,
} from './findFaults.ts'
import type { ReachFault, RosterRef } from './findFaults.ts'
import type { EnrollmentFact, GuardianshipFact, ReachFacts, SectionFact } from './reachFacts.ts'
import type { ReachReason } from './reachReasons.ts'

/** Whether these two may converse; with a student, about that student. */
export type ReachQuestion = { actorId: string; targetId: string; studentId?: string | undefined }

/** A channel's people, and the rows of the roster that connect them, or did, or would: whole when nothing is at fault. */
export type Way = {
  teacherId: string
  participantId: string
  studentId: string
  schoolYear: number | null
  /** The schools by whose features it stands. */
  schoolIds: string[]
  rows: RosterRef[]
  faults: ReachFault[]
}

export type Reach = { mayConverse: boolean; ways: Way[]; reasons: ReachFault[] }

/**
 * Law 1 as a pure rule, for saying why: who teaches a student in a section of a running term, or is connected with the student as a service
 * provider, or with the section as a substitute, may converse with the student and with each guardian whose custody is confirmed, where the district has
 * switched that on. `db/queries/liveRelation.ts` says the same in
 * SQL and decides every request; a test holds the two together over random rosters.
 */
export const decideReach = (facts: ReachFacts, question: ReachQuestion): Reach => {
  const { actorId, targetId, studentId } = question
  const ways =
    actorId === targetId
      ? []
      : [...findWays(facts, actorId, targetId), ...findWays(facts, targetId, actorId)].filter(
          (way) => studentId === undefined || way.studentId === studentId,
        )
  if (ways.some(({ faults }) => faults.length === 0)) return { mayConverse: true, ways, reasons: [] }
  const reasons = ways.length === 0 ? [{ reason: whyNoWay(facts, question), row: null }] : ways.flatMap(({ faults }) => faults)
  return { mayConverse: false, ways, reasons: distinct(reasons) }
}

/** The people of a channel that is open by the facts. */
export type Channel = Pick<Way, 'teacherId' | 'participantId' | 'studentId'> & { schoolYear: number }

/** The channels that are open to them, each once. */
export const toChannels = (ways: readonly Way[]): Channel[] => {
  const open = ways.flatMap(({ teacherId, participantId, studentId, schoolYear, faults }) =>
    faults.length > 0 || schoolYear === null ? [] : [{ teacherId, participantId, studentId, schoolYear }],
  )
  return [...new Map(open.map((channel) => [Object.values(channel).join(), channel])).values()]
}

/** Every way in which `teacherId` stands where a teacher does and `participantId` is the student or a guardian. */
const findWays = (facts: ReachFacts, teacherId: string, participantId: string): Way[] => [
  ...findPairWays(facts, teacherId, participantId),
  ...facts.guardianships
    .filter(({ guardianId, studentId }) => guardianId === participantId && studentId !== participantId)
    .flatMap((guarding) => findPairWays(facts, teacherId, guarding.studentId).map((way) => withGuardian(facts, way, guarding))),
]

const findPairWays = (facts: ReachFacts, teacherId: string, studentId: string): Way[] => {
  if (teacherId === studentId) return []
  const [teacher, student] = [personOf(facts, teacherId), personOf(facts, studentId)]
  if (teacher === undefined || student === undefined) return []
  const people = {
    rows: [teacherId, studentId].map((id): RosterRef => ({ subject: 'user', id })),
    faults: [...findPersonFaults(teacher), ...findPersonFaults(student)],
  }
  return [
    ...findSections(facts, teacherId, studentId),
    ...findConnections(facts, teacherId, studentId),
    ...findSubstitutions(facts, teacherId, studentId),
  ].map((way) => ({
    teacherId,
    participantId: studentId,
    studentId,
    schoolYear: way.schoolYear,
    schoolIds: way.schoolIds,
    rows: [...people.rows, ...way.rows],
    faults: [...people.faults, ...way.faults],
  }))
}

type Connecting = Pick<Way, 'schoolYear' | 'schoolIds' | 'rows' | 'faults'>

const findSections = (facts: ReachFacts, teacherId: string, studentId: string): Connecting[] =>
  facts.sections.flatMap((section) => {
    const teachings = facts.enrollments.filter((e) => e.sectionId === section.id && e.userId === teacherId && e.role === 'teacher')
    const learnings = findLearnings(facts, section, studentId)
    const { schoolYear, faults } = judgeSection(facts, section)
    const schoolIds = [section.schoolId]
    const noMessaging = findSwitchFaults(facts, 'messaging', schoolIds)
    return teachings.flatMap((teaching) =>
      learnings.map((learning) => ({
        schoolYear,
        schoolIds,
        rows: [...[teaching, learning].map(({ id }): RosterRef => ({ subject: 'enrollment', id })), ...toSectionRows(section)],
        faults: [...[teaching, learning].flatMap((row) => findIntervalFaults('enrollment', row, facts.day)), ...faults, ...noMessaging],
      })),
    )
  })

const findLearnings = ({ enrollments }: ReachFacts, section: SectionFact, studentId: string): EnrollmentFact[] =>
  enrollments.filter((e) => e.sectionId === section.id && e.userId === studentId && e.role === 'student')

const toSectionRows = ({ id, termIds }: SectionFact): RosterRef[] => [
  { subject: 'section', id },
  ...termIds.map((termId): RosterRef => ({ subject: 'term', id: termId })),
]

/** A substitute stands in a section where its teachers do. */
const findSubstitutions = (facts: ReachFacts, substituteId: string, studentId: string): Connecting[] =>
  facts.sections.flatMap((section) => {
    const { schoolYear, faults } = judgeSection(facts, section)
    const schoolIds = [section.schoolId]
    const notThere = [...whyNoStaff(facts, substituteId), ...faults, ...findSwitchFaults(facts, 'messaging', schoolIds)]
    return facts.connections
      .filter((connection) => connection.sectionId === section.id && connection.providerId === substituteId)
      .flatMap((connection) =>
        findLearnings(facts, section, studentId).map((learning) => ({
          schoolYear,
          schoolIds,
          rows: [
            { subject: 'provider-connection', id: connection.id } as const,
            { subject: 'enrollment', id: learning.id } as const,
            ...toSectionRows(section),
          ],
          faults: [
            ...findIntervalFaults('connection', connection, facts.day),
            ...findIntervalFaults('enrollment', learning, facts.day),
            ...notThere,
          ],
        })),
      )
  })

const findConnections = (facts: ReachFacts, providerId: string, studentId: string): Connecting[] => {
  const schoolYear = findPresentYear(facts)
  const noTerm: ReachFault[] = schoolYear === null ? [{ reason: 'no-term-running', row: null }] : []
  const noStaff = whyNoStaff(facts, providerId)
  const schoolIds = findSchoolsOf(facts, studentId)
  const noMessaging = findSwitchFaults(facts, 'messaging', schoolIds)
  return facts.connections
    .filter((connection) => connection.providerId === providerId && connection.studentId === studentId)
    .map((connection) => ({
      schoolYear,
      schoolIds,
      rows: [{ subject: 'provider-connection', id: connection.id }],
      faults: [...findIntervalFaults('connection', connection, facts.day), ...noStaff, ...noTerm, ...noMessaging],
    }))
}

const whyNoStaff = (facts: ReachFacts, providerId: string): ReachFault[] => {
  const provider = personOf(facts, providerId)
  return provider === undefined ? [{ reason: 'person-unknown', row: null }] : findProviderFaults(provider, facts.day)
}

const withGuardian = (facts: ReachFacts, way: Way, guarding: GuardianshipFact): Way => {
  const guardian = personOf(facts, guarding.guardianId)
  const unknown: ReachFault[] = guardian === undefined ? [{ reason: 'person-unknown', row: null }] : findPersonFaults(guardian)
  return {
    ...way,
    participantId: guarding.guardianId,
    rows: [...way.rows, { subject: 'user', id: guarding.guardianId }, { subject: 'guardianship', id: guarding.id }],
    faults: [
      ...way.faults,
      ...unknown,
      ...findGuardianshipFaults(guarding, facts.day),
      ...findSwitchFaults(facts, 'guardians', way.schoolIds),
    ],
  }
}

const personOf = ({ people }: ReachFacts, id: string) => people.find((person) => person.id === id)

const whyNoWay = (facts: ReachFacts, { actorId, targetId, studentId }: ReachQuestion): ReachReason => {
  const [actor, target] = [personOf(facts, actorId), personOf(facts, targetId)]
  if (actorId === targetId) return 'same-person'
  if (actor === undefined || target === undefined) return 'person-unknown'
  const childrenOf = (id: string): string[] =>
    facts.guardianships.flatMap((guarding) => (guarding.guardianId === id ? [guarding.studentId] : []))
  const [actors, targets] = [
    [actorId, ...childrenOf(actorId)],
    [targetId, ...childrenOf(targetId)],
  ]
  if (studentId !== undefined && ![...actors, ...targets].includes(studentId)) return 'no-guardianship'
  if ([actor, target].some(({ id, role }) => role === 'guardian' && childrenOf(id).length === 0)) return 'no-guardianship'
  return shareSection(facts, [actorId], targets) || shareSection(facts, actors, [targetId]) ? 'nobody-teaches' : 'nothing-in-common'
}

const shareSection = ({ enrollments }: ReachFacts, some: readonly string[], others: readonly string[]): boolean => {
  const sections = new Set(enrollments.flatMap(({ userId, sectionId }) => (some.includes(userId) ? [sectionId] : [])))
  return enrollments.some(({ userId, sectionId }) => others.includes(userId) && sections.has(sectionId))
}

/** The same reason of the same row is said once. */
const distinct = (faults: readonly ReachFault[]): ReachFault[] => [
  ...new Map(faults.map((fault) => [`${fault.reason} ${fault.row?.id ?? ''}`, fault])).values(),
]
