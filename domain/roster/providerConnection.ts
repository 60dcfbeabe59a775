import type { UserRole } from '../access.ts'

/** A connection lasts no longer than so many days behind the last term of the school year, for what is done when school is out. */
export const connectionGraceDays = 31

/** `isStaff`: one of their roles makes them staff today. `isActive`: of the district, and no removal of theirs is held by the brake. */
type Person = { role: UserRole; isActive: boolean; isStaff: boolean }

/**
 * `isAuthor`: who asks would be the provider. Days are `2026-08-24`, in the district's time zone. `lastEnds` is the last day (exclusive) that a connection may end on; null when no term runs or is to
 * come.
 */
export type ConnectionAsked = {
  isAuthor: boolean
  provider: Person | null
  student: Person | null
  today: string
  ends: string
  lastEnds: string | null
}

/** What is wrong with a connection that was asked for, or null. */
export type ConnectionFault = 'own-connection' | 'provider-not-staff' | 'not-a-student' | 'ended-already' | 'too-long' | 'no-school-year'

/** Whether a district may connect these two until that day. Somebody who is not of the district is like somebody of another kind (law 3). */
export const findConnectionFault = ({ student, ...asked }: ConnectionAsked): ConnectionFault | null => {
  const isStudent = student !== null && student.isActive && student.role === 'student'
  return findProviderFault(asked) ?? (isStudent ? null : 'not-a-student') ?? findEndFault(asked)
}

/** A substitute in a section, from `begins` (inclusive) on. `hasSection`: the roster has it. */
export type SubstituteAsked = Omit<ConnectionAsked, 'student'> & { hasSection: boolean; begins: string }

/** What is wrong with a substitute who was asked for, or null. */
export type SubstituteFault = Exclude<ConnectionFault, 'not-a-student'> | 'no-such-section' | 'begun-already' | 'no-day'

/** Whether a district may let somebody stand for a teacher of that section on these days. */
export const findSubstituteFault = ({ hasSection, ...asked }: SubstituteAsked): SubstituteFault | null => {
  const fault = findProviderFault(asked) ?? (hasSection ? null : 'no-such-section') ?? findEndFault(asked)
  if (fault !== null) return fault
  // What was said before it was allowed is not made right afterwards.
  if (asked.begins < asked.today) return 'begun-already'
  return asked.ends <= asked.begins ? 'no-day' : null
}

const findProviderFault = ({ isAuthor, provider }: Pick<ConnectionAsked, 'isAuthor' | 'provider'>) => {
  // Nobody lets themselves reach a child: it takes a second person.
  if (isAuthor) return 'own-connection'
  return provider === null || !provider.isActive || !provider.isStaff ? 'provider-not-staff' : null
}

const findEndFault = ({ today, ends, lastEnds }: Pick<ConnectionAsked, 'today' | 'ends' | 'lastEnds'>) => {
  if (lastEnds === null) return 'no-school-year'
  if (ends <= today) return 'ended-already'
  return ends > lastEnds ? 'too-long' : null
}
