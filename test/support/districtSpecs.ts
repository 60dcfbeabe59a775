import type { DistrictSpec } from './rosterRows.ts'

/** Two teachers, two students, a guardian of both and one without custody. */
export const smallTown: DistrictSpec = {
  people: [
    { id: 'ana', role: 'teacher' },
    { id: 'bo', role: 'teacher' },
    { id: 'kid', role: 'student', agents: ['mum', 'dad'] },
    { id: 'sis', role: 'student' },
    { id: 'mum', role: 'guardian', custody: 'permitted', agents: ['sis'] },
    { id: 'dad', role: 'guardian', custody: 'denied' },
  ],
  sections: ['math', 'art'],
  seats: [
    { id: 'e1', user: 'ana', section: 'math', role: 'teacher' },
    { id: 'e2', user: 'kid', section: 'math', role: 'student' },
    { id: 'e3', user: 'bo', section: 'art', role: 'teacher' },
    { id: 'e4', user: 'sis', section: 'art', role: 'student' },
  ],
}

/** Whom the small town's roster connects. */
export const smallTownReach = ['ana>kid about kid', 'ana>mum about kid', 'bo>mum about sis', 'bo>sis about sis']

/** A teacher's section that is large enough for the brake. */
export const crowd: DistrictSpec = {
  people: [{ id: 'ana', role: 'teacher' }, ...Array.from({ length: 40 }, (_, index) => ({ id: `kid${index}`, role: 'student' as const }))],
  sections: ['math'],
  seats: [
    { id: 'lead', user: 'ana', section: 'math', role: 'teacher' },
    ...Array.from({ length: 40 }, (_, index) => ({ id: `e${index}`, user: `kid${index}`, section: 'math', role: 'student' as const })),
  ],
}

/** Thirty seats less: the brake holds whatever else goes with them. */
export const withoutMost = (spec: DistrictSpec): DistrictSpec => ({ ...spec, seats: spec.seats.slice(0, 11) })
