import { expect, test } from 'vitest'
import { findConnectionFault, findSubstituteFault, type ConnectionAsked, type SubstituteAsked } from './providerConnection.ts'

const sound: ConnectionAsked = {
  isAuthor: false,
  provider: { role: 'staff', isActive: true, isStaff: true },
  student: { role: 'student', isActive: true, isStaff: false },
  today: '2026-09-10',
  ends: '2027-06-30',
  lastEnds: '2027-07-01',
}

test.each<[string, Partial<ConnectionAsked>, string | null]>([
  ['staff and a student, for the school year', {}, null],
  ['an aide', { provider: { role: 'aide', isActive: true, isStaff: true } }, null],
  ['up to the last day', { ends: '2027-07-01' }, null],
  ['for one day', { ends: '2026-09-11' }, null],
  ['themselves', { isAuthor: true }, 'own-connection'],
  ['nobody of the district', { provider: null }, 'provider-not-staff'],
  ['somebody who has left', { provider: { role: 'staff', isActive: false, isStaff: true } }, 'provider-not-staff'],
  ['staff by name alone, whose roles have ended', { provider: { role: 'staff', isActive: true, isStaff: false } }, 'provider-not-staff'],
  ['a guardian', { provider: { role: 'guardian', isActive: true, isStaff: false } }, 'provider-not-staff'],
  ['a student as the provider', { provider: { role: 'student', isActive: true, isStaff: false } }, 'provider-not-staff'],
  ['no student', { student: null }, 'not-a-student'],
  ['a student who has left', { student: { role: 'student', isActive: false, isStaff: false } }, 'not-a-student'],
  ['a colleague', { student: { role: 'teacher', isActive: true, isStaff: true } }, 'not-a-student'],
  ['until today, which is no day at all', { ends: '2026-09-10' }, 'ended-already'],
  ['a day more than the school year has', { ends: '2027-07-02' }, 'too-long'],
  ['when no school year runs or is to come', { lastEnds: null }, 'no-school-year'],
])('a district may connect a service provider with a student only as the rule says: %s', (_, asked, fault) => {
  expect(findConnectionFault({ ...sound, ...asked })).toBe(fault)
})

const { isAuthor, provider, today, ends, lastEnds } = sound
const substitute: SubstituteAsked = { isAuthor, provider, today, ends, lastEnds, hasSection: true, begins: '2026-09-10' }

test.each<[string, Partial<SubstituteAsked>, string | null]>([
  ['staff, from today on', {}, null],
  ['from a later day on', { begins: '2026-10-01' }, null],
  ['for one day', { begins: '2026-10-01', ends: '2026-10-02' }, null],
  ['themselves', { isAuthor: true }, 'own-connection'],
  ['nobody of the district', { provider: null }, 'provider-not-staff'],
  ['a parent', { provider: { role: 'guardian', isActive: true, isStaff: false } }, 'provider-not-staff'],
  ['a student', { provider: { role: 'student', isActive: true, isStaff: false } }, 'provider-not-staff'],
  ['in no section', { hasSection: false }, 'no-such-section'],
  ['from yesterday on', { begins: '2026-09-09' }, 'begun-already'],
  ['for no day', { begins: '2026-10-01', ends: '2026-10-01' }, 'no-day'],
  ['backwards', { begins: '2026-10-01', ends: '2026-09-30' }, 'no-day'],
  ['until a day that has passed', { ends: '2026-09-09', begins: '2026-09-08' }, 'ended-already'],
  ['a day more than the school year has', { ends: '2027-07-02' }, 'too-long'],
  ['when no school year runs or is to come', { lastEnds: null }, 'no-school-year'],
])('a district may let somebody stand for a teacher only as the rule says: %s', (_, asked, fault) => {
  expect(findSubstituteFault({ ...substitute, ...asked })).toBe(fault)
})
