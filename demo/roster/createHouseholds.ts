import { pickNameList, type PersonFactory } from './createPerson.ts'
import type { Random } from './createRandom.ts'
import type { Day, GuardianshipRow, UserRow } from './rosterRows.ts'

export type Household = { students: UserRow[]; guardians: UserRow[]; guardianships: GuardianshipRow[] }

/** Splits the children into homes of one to three. */
const drawSizes = (random: Random, students: number): number[] => {
  const sizes: number[] = []
  for (let left = students; left > 0;) {
    const size = Math.min(left, random.pick([1, 1, 1, 2, 2, 3]))
    sizes.push(size)
    left -= size
  }
  return sizes
}

/** Deals the guardians out: one to each home first, the others at random, four at most while there is room. */
const dealGuardians = (random: Random, homes: number, guardians: number): number[] => {
  const counts = Array.from({ length: homes }, (_, home): number => (home < guardians ? 1 : 0))
  if (homes === 0) return counts
  const room = Math.max(4, Math.ceil(guardians / homes))
  for (let left = guardians - homes; left > 0;) {
    const home = random.below(homes)
    if ((counts[home] ?? room) >= room) continue
    counts[home] = (counts[home] ?? 0) + 1
    left -= 1
  }
  return counts
}

/** Most custody relations permit contact; some are denied, and some nobody has confirmed (law 4: not a recipient). */
const drawCustody = (random: Random): GuardianshipRow['custody'] =>
  random.pick([...Array<'permitted'>(22).fill('permitted'), 'denied', 'unknown'])

/**
 * Families: this many students and guardians (none of the latter without a child), brothers and sisters sharing guardians, home
 * language and usually the family name. A home may have no guardian when there are fewer guardians than homes.
 */
export const createHouseholds = (
  random: Random,
  createPerson: PersonFactory,
  options: { students: number; guardians: number; yearBegins: Day; newId: () => string },
): Household[] => {
  const sizes = drawSizes(random, options.students)
  const counts = dealGuardians(random, sizes.length, options.guardians)
  return sizes.map((size, home) => {
    const names = pickNameList(random)
    const familyName = random.pick(names.family)
    const students = Array.from({ length: size }, () => createPerson('student', names, familyName))
    const guardians = Array.from({ length: counts[home] ?? 0 }, () =>
      createPerson('guardian', names, random.chance(0.7) ? familyName : undefined),
    )
    const guardianships = guardians.flatMap((guardian) => {
      const relation = random.pick(['parent', 'parent', 'parent', 'guardian', 'relative'])
      const custody = drawCustody(random)
      return students.map((student) => ({
        id: options.newId(),
        guardianId: guardian.id,
        studentId: student.id,
        relation,
        custody,
        begins: options.yearBegins,
        ends: null,
      }))
    })
    return { students, guardians, guardianships }
  })
}
