import type { UserRole } from '../../domain/access.ts'
import type { Random } from './createRandom.ts'
import { nameLists, type NameList } from './names.ts'
import type { UserRow } from './rosterRows.ts'

/** A list of names, drawn so that each home language has its share of the district. */
export const pickNameList = (random: Random): NameList => {
  const total = nameLists.reduce((sum, list) => sum + list.share, 0)
  let left = random.below(total)
  for (const list of nameLists) {
    left -= list.share
    if (left < 0) return list
  }
  throw new RangeError('name lists have no shares')
}

export type PersonFactory = (role: UserRole, names: NameList, familyName?: string) => UserRow

/** Numbers reserved for fiction, so that nobody is ever called: 555-0100 to 555-0199. */
const toPhone = (count: number): string => `+120255501${String(count % 100).padStart(2, '0')}`

/** Makes people of one district, numbered by role: `student-0001`. E-mail goes to example.org, phones to fiction. */
export const createPersonFactory = (options: { random: Random; newId: () => string; domain: string }): PersonFactory => {
  const counts = new Map<UserRole, number>()
  return (role, names, familyName) => {
    const count = (counts.get(role) ?? 0) + 1
    counts.set(role, count)
    const sourcedId = `${role}-${String(count).padStart(4, '0')}`
    return {
      id: options.newId(),
      sourcedId,
      role,
      givenName: options.random.pick(names.given),
      familyName: familyName ?? options.random.pick(names.family),
      email: `${sourcedId}@${options.domain}`,
      phone: role === 'guardian' ? toPhone(count) : null,
      preferredLanguage: role === 'guardian' || role === 'student' ? names.language : 'en',
      active: true,
    }
  }
}
