import fc from 'fast-check'
import { userRoles, type UserRole } from '../../domain/access.ts'
import type { Feature } from '../../domain/features.ts'
import type { Custody } from '../../domain/roster/custody.ts'
import type { EnrollmentRole } from '../../domain/roster/roles.ts'

/**
 * A random roster of one district. People, terms and sections are named by their place in the lists, days by how far they are from the district's
 * today. Most rows are sound, so that a good part of the people reach each other; each kind of flaw comes now and then.
 */
export type World = {
  people: { role: UserRole; isActive: boolean; isHeld: boolean; work: readonly Days[] }[]
  terms: { begins: number; ends: number; schoolYear: number; isActive: boolean; isHeld: boolean }[]
  sections: { terms: number[]; isActive: boolean; isHeld: boolean; school: number }[]
  enrollments: (Interval & { user: number; section: number; role: EnrollmentRole })[]
  guardianships: (Interval & { guardian: number; student: number; custody: Custody })[]
  /** With a student, or with a section as a substitute. */
  connections: (Interval & { provider: number } & ({ student: number; section: null } | { student: null; section: number }))[]
  /** Of two schools; null is both. One that is not on was once. */
  switches: { feature: Feature; school: number | null; isOn: boolean }[]
}
type Days = { begins: number | null; ends: number | null; isHeld?: boolean }
export type Interval = { begins: number | null; ends: number | null; isRemoved: boolean; isHeld: boolean }

export const schoolYear = 2031

/** True once in about `oneIn` times. */
const seldom = (oneIn: number): fc.Arbitrary<boolean> => fc.integer({ min: 1, max: oneIn }).map((n) => n === 1)

/** The days around today matter most: a rule that is off by one is wrong there. `soundness`: how many are sound for each flawed one. */
const toInterval = (soundness: number) => ({
  begins: fc.oneof(
    { weight: soundness, arbitrary: fc.constantFrom(null, -40, -1, 0) },
    { weight: 1, arbitrary: fc.constantFrom(1, 1, 20) },
  ),
  ends: fc.oneof({ weight: soundness, arbitrary: fc.constantFrom(null, 40, 2, 1) }, { weight: 1, arbitrary: fc.constantFrom(0, 0, -20) }),
  isRemoved: seldom(soundness),
  isHeld: seldom(soundness),
})
/** The roles that make somebody staff: mostly one that holds, or two of which one does; now and then none, one that has ended or is to begin; and often one that the brake holds, so that it decides often enough. */
const work: fc.Arbitrary<readonly Days[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom([{ begins: null, ends: null }], [{ begins: 0, ends: 1 }]) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      [
        { begins: -40, ends: 0 },
        { begins: 0, ends: null },
      ],
      [
        { begins: null, ends: 1 },
        { begins: 1, ends: null },
      ],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      [],
      [{ begins: null, ends: 0 }],
      [{ begins: 1, ends: null }],
      [
        { begins: -9, ends: -2 },
        { begins: 3, ends: 9 },
      ],
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      [{ begins: null, ends: null, isHeld: true }],
      [
        { begins: 0, ends: 1, isHeld: true },
        { begins: -40, ends: null, isHeld: true },
      ],
      [
        { begins: null, ends: 1, isHeld: true },
        { begins: 0, ends: null },
      ],
      [
        { begins: -40, ends: null, isHeld: true },
        { begins: -9, ends: 0 },
      ],
    ),
  },
)
const mostlySound = toInterval(50)
const oftenSound = toInterval(12)
const lessSound = toInterval(5)

const indexBelow = (count: number) => fc.integer({ min: 0, max: count - 1 })

const schoolCount = 2
const peopleCount = 30
/** Who teaches may be anybody's parent, and who is enrolled as a student may teach: what people are called decides nothing, but for a provider the days of their work. */
const roleOf = (place: number): UserRole =>
  userRoles[[0, 0, 0, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4, 0, 4, 3, 4, 4, 4, 3, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0][place] ?? 2] ?? 'staff'
/** Of those whom the district connects as providers one is a parent and nothing else. */
const isNeverStaff = (place: number): boolean => roleOf(place) === 'guardian' || roleOf(place) === 'student'
const likelyTeacher = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 1, 2, 13, 27, 28, 29) },
  { weight: 1, arbitrary: indexBelow(peopleCount) },
)
const likelyStudent = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(8, 9, 10, 11, 12, 14, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26) },
  { weight: 1, arbitrary: indexBelow(peopleCount) },
)
const likelyGuardian = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(5, 6, 7, 13, 19) },
  { weight: 1, arbitrary: indexBelow(peopleCount) },
)
const likelyProvider = fc.constantFrom(3, 4, 15, 1)

const term = fc.record({
  period: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom([-50, 50], [0, 30], [-30, 1]) },
    { weight: 4, arbitrary: fc.constantFrom([-60, -20], [-60, 0], [1, 60]) },
  ),
  schoolYear: fc.constantFrom(schoolYear, schoolYear, schoolYear + 1),
  isActive: seldom(12).map((is) => !is),
  isHeld: seldom(25),
})

const uniqueBy = <Row>(rows: Row[], keyOf: (row: Row) => string): Row[] => [...new Map(rows.map((row) => [keyOf(row), row])).values()]

const toSection = (termCount: number, hasTerms: boolean) =>
  fc.record({
    terms: fc.uniqueArray(indexBelow(Math.max(termCount, 1)), {
      minLength: hasTerms && termCount > 0 ? 1 : 0,
      maxLength: hasTerms ? Math.min(termCount, 4) : 0,
    }),
    isActive: seldom(20).map((is) => !is),
    isHeld: seldom(40),
    school: indexBelow(schoolCount),
  })

/** Mostly both are on for all; else messaging in some schools, and guardians in some. */
const switches: fc.Arbitrary<World['switches']> = fc
  .record({
    isEverywhere: seldom(10).map((is) => !is),
    inSchools: fc.array(
      fc.record({ school: indexBelow(schoolCount), feature: fc.constantFrom<Feature>('messaging', 'guardians'), isOn: fc.boolean() }),
    ),
    guardiansEverywhere: fc.boolean(),
  })
  .map(({ isEverywhere, inSchools, guardiansEverywhere }) => [
    { feature: 'messaging', school: null, isOn: isEverywhere },
    { feature: 'guardians', school: null, isOn: isEverywhere || guardiansEverywhere },
    ...inSchools,
  ])

const worldOf = (termCount: number): fc.Arbitrary<World> =>
  fc
    .record({
      people: fc.array(fc.record({ isActive: seldom(35).map((is) => !is), isHeld: seldom(50), work }), {
        minLength: peopleCount,
        maxLength: peopleCount,
      }),
      terms: fc.array(term, { minLength: termCount, maxLength: termCount }),
      sections: fc.array(
        seldom(15).chain((isWithout) => toSection(termCount, !isWithout)),
        { minLength: 4, maxLength: 4 },
      ),
      teaching: fc.array(fc.record({ ...mostlySound, user: likelyTeacher, section: indexBelow(4) }), { minLength: 14, maxLength: 20 }),
      learning: fc.array(fc.record({ ...mostlySound, user: likelyStudent, section: indexBelow(4) }), { minLength: 50, maxLength: 80 }),
      aiding: fc.array(fc.record({ ...mostlySound, user: indexBelow(peopleCount), section: indexBelow(4) }), {
        minLength: 1,
        maxLength: 2,
      }),
      guardianships: fc.array(
        fc.record({
          ...oftenSound,
          guardian: likelyGuardian,
          student: likelyStudent,
          custody: fc.oneof(
            { weight: 6, arbitrary: fc.constant('permitted' as const) },
            { weight: 1, arbitrary: fc.constantFrom('denied' as const, 'unknown' as const) },
          ),
        }),
        { minLength: 36, maxLength: 48 },
      ),
      connections: fc.array(fc.record({ ...lessSound, provider: likelyProvider, student: likelyStudent }), {
        minLength: 12,
        maxLength: 16,
      }),
      switches,
      substitutes: fc.array(fc.record({ ...mostlySound, provider: likelyProvider, section: indexBelow(4) }), { maxLength: 2 }),
    })
    .map(({ people, terms, teaching, learning, aiding, guardianships, connections, substitutes, sections, switches: switched }) => ({
      switches: switched,
      people: people.map((person, place) => ({ ...person, role: roleOf(place), work: isNeverStaff(place) ? [] : person.work })),
      terms: terms.map(({ period, ...rest }) => ({ ...rest, begins: period[0] ?? 0, ends: period[1] ?? 1 })),
      sections,
      enrollments: [
        ...teaching.map((row) => ({ ...row, role: 'teacher' as const })),
        ...learning.map((row) => ({ ...row, role: 'student' as const })),
        ...aiding.map((row) => ({ ...row, role: 'aide' as const })),
      ],
      // Of one pair there is one guardianship that is believed, and any number that was.
      guardianships: uniqueBy(guardianships, ({ guardian, student, isRemoved }) => `${guardian} ${student} ${isRemoved}`),
      connections: [...connections.map((row) => ({ ...row, section: null })), ...substitutes.map((row) => ({ ...row, student: null }))].map(
        (row) => ({ ...row, begins: row.begins ?? -1, ends: row.ends ?? 30 }),
      ),
    }))

/** Now and then a district is between its years: none of its terms runs, or it has none. */
export const worlds: fc.Arbitrary<World> = fc.oneof(
  { weight: 10, arbitrary: worldOf(4) },
  { weight: 1, arbitrary: worldOf(1) },
  { weight: 1, arbitrary: worldOf(0) },
)
