import type { UserRole } from '../access.ts'
import type { FeatureSwitch } from '../features.ts'
import type { Custody } from './custody.ts'
import type { EnrollmentRole } from './roles.ts'

/** A calendar day in the district's time zone, `2026-08-24`: such texts compare as the days do. */
type Day = string

/** `isHeld`: the brake holds its removal. */
type Held = { id: string; isHeld: boolean }

/** `begins` is inclusive, `ends` exclusive; null is open. `isRemoved`: once believed, and no longer. */
type Interval = Held & { begins: Day | null; ends: Day | null; isRemoved: boolean }

/** The intervals in which one of a person's roles makes them staff of the district; `begins` is inclusive, `ends` exclusive, null is open. `isHeld`: the brake holds the role. */
export type WorkDays = readonly { begins: Day | null; ends: Day | null; isHeld?: boolean }[]

/** `role` is what the person is called; what they may do as staff is for `workDays` to say. */
export type PersonFact = Held & { role: UserRole; isActive: boolean; workDays: WorkDays }
export type TermFact = Held & { begins: Day; ends: Day; schoolYear: number; isActive: boolean }
export type SectionFact = Held & { isActive: boolean; termIds: readonly string[]; schoolId: string }
/** `schoolId`: of its section. */
export type EnrollmentFact = Interval & { userId: string; sectionId: string; schoolId: string; role: EnrollmentRole }
export type GuardianshipFact = Interval & { guardianId: string; studentId: string; custody: Custody }
/** With a student, or as a substitute's with a section. */
export type ConnectionFact = Interval & { providerId: string } & (
    | { studentId: string; sectionId: null }
    | { studentId: null; sectionId: string }
  )

/**
 * What one district's roster says at a moment whose day is `day`, of the people who are asked about and of the students of whom they are
 * guardians; of its terms, all. What the roster has stopped to believe is there too, as removed: it says why something ended.
 */
export type ReachFacts = {
  day: Day
  people: readonly PersonFact[]
  sections: readonly SectionFact[]
  terms: readonly TermFact[]
  enrollments: readonly EnrollmentFact[]
  guardianships: readonly GuardianshipFact[]
  connections: readonly ConnectionFact[]
  /** What the district had switched on at that moment. */
  switches: readonly FeatureSwitch[]
}

export type IntervalFact = Interval
