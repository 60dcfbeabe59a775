import { isSwitchedOn } from '../features.ts'
import type { GuardianshipFact, IntervalFact, PersonFact, ReachFacts, SectionFact, TermFact } from './reachFacts.ts'
import type { ReachReason } from './reachReasons.ts'
import type { RosterSubject } from './subjects.ts'

/** A row of the roster. */
export type RosterRef = { subject: RosterSubject; id: string }

/** Why a row connects nobody, or, without a row, why there is none that could. */
export type ReachFault = { reason: ReachReason; row: RosterRef | null }

type Kind = 'enrollment' | 'guardianship' | 'connection'
const subjectOf = { enrollment: 'enrollment', guardianship: 'guardianship', connection: 'provider-connection' } as const

/** A row is live when it is believed, not held, and begins ≤ day < ends. */
export const findIntervalFaults = (kind: Kind, fact: IntervalFact, day: string): ReachFault[] => {
  const row = { subject: subjectOf[kind], id: fact.id }
  // Of a row that is no longer believed nothing else is to be said.
  if (fact.isRemoved) return [{ reason: `${kind}-removed`, row }]
  const reasons: ReachReason[] = [
    ...(fact.isHeld ? (['suspended'] as const) : []),
    ...(fact.begins !== null && fact.begins > day ? ([`${kind}-not-begun`] as const) : []),
    ...(fact.ends !== null && fact.ends <= day ? ([`${kind}-ended`] as const) : []),
  ]
  return reasons.map((reason) => ({ reason, row }))
}

export const findPersonFaults = ({ id, isActive, isHeld }: PersonFact): ReachFault[] => {
  const row: RosterRef = { subject: 'user', id }
  return [...(isActive ? [] : [{ reason: 'person-inactive', row } as const]), ...(isHeld ? [{ reason: 'suspended', row } as const] : [])]
}

/** Of a service provider: one of their roles makes them staff on that day, begins ≤ day < ends, and the brake does not hold it. Nobody is staff by default. */
export const findProviderFaults = ({ id, workDays }: PersonFact, day: string): ReachFault[] => {
  const roles = workDays.filter(({ begins, ends }) => (begins === null || begins <= day) && (ends === null || day < ends))
  if (roles.some(({ isHeld = false }) => !isHeld)) return []
  return [{ reason: roles.length > 0 ? 'work-suspended' : 'provider-not-staff', row: { subject: 'user', id } }]
}

/** What connects two people connects them where the district has switched messaging on, and guardians if one of them is one. */
export const findSwitchFaults = (
  { switches }: ReachFacts,
  feature: 'messaging' | 'guardians',
  schoolIds: readonly string[],
): ReachFault[] => (isSwitchedOn(switches, feature, schoolIds) ? [] : [{ reason: `${feature}-off`, row: null }])

/** The schools in which a student is enrolled today. */
export const findSchoolsOf = ({ enrollments, day }: ReachFacts, studentId: string): string[] =>
  enrollments
    .filter((e) => e.userId === studentId && e.role === 'student' && findIntervalFaults('enrollment', e, day).length === 0)
    .map(({ schoolId }) => schoolId)

/** Only confirmed custody ever connects (law 4). */
export const findGuardianshipFaults = (fact: GuardianshipFact, day: string): ReachFault[] => {
  const faults = findIntervalFaults('guardianship', fact, day)
  if (fact.isRemoved || fact.custody === 'permitted') return faults
  return [...faults, { reason: `custody-${fact.custody}`, row: { subject: 'guardianship', id: fact.id } }]
}

const findTermFaults = ({ id, begins, ends, isActive, isHeld }: TermFact, day: string): ReachFault[] => {
  const row: RosterRef = { subject: 'term', id }
  if (!isActive) return [{ reason: 'term-removed', row }]
  return [
    ...(isHeld ? [{ reason: 'suspended', row } as const] : []),
    ...(begins > day ? [{ reason: 'term-not-begun', row } as const] : []),
    ...(ends <= day ? [{ reason: 'term-over', row } as const] : []),
  ]
}

const toLastYear = (terms: readonly TermFact[]): number | null =>
  terms.length === 0 ? null : Math.max(...terms.map(({ schoolYear }) => schoolYear))

const runningOf = (terms: readonly TermFact[], day: string): TermFact[] => terms.filter((term) => findTermFaults(term, day).length === 0)

/** A section connects while one of its terms runs, in the school year of that one. */
export const judgeSection = (facts: ReachFacts, section: SectionFact): { schoolYear: number | null; faults: ReachFault[] } => {
  const row: RosterRef = { subject: 'section', id: section.id }
  const terms = facts.terms.filter(({ id }) => section.termIds.includes(id))
  const schoolYear = toLastYear(runningOf(terms, facts.day))
  const noTerm: ReachFault[] =
    terms.length === 0 ? [{ reason: 'section-without-term', row }] : terms.flatMap((term) => findTermFaults(term, facts.day))
  return {
    schoolYear,
    faults: [
      ...(section.isActive ? [] : [{ reason: 'section-removed', row } as const]),
      ...(section.isHeld ? [{ reason: 'suspended', row } as const] : []),
      ...(schoolYear === null ? noTerm : []),
    ],
  }
}

/** The school year in which the district is; null between the years. */
export const findPresentYear = ({ terms, day }: ReachFacts): number | null => toLastYear(runningOf(terms, day))
