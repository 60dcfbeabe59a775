import { v4 as randomId } from 'uuid'
import type { EventAction, EventType } from '../../domain/roster/rosterEvents.ts'

/** Records as OneRoster 1.2 writes them in JSON (REST binding), and events that say them. */
export const ref = (sourcedId: string) => ({ sourcedId, href: `https://sis.example/${sourcedId}`, type: 'any' })
export const personRecord = (sourcedId: string, role: string, change: object = {}) => ({
  sourcedId,
  status: 'active',
  enabledUser: 'true',
  givenName: `Given ${sourcedId}`,
  familyName: 'Family',
  email: `${sourcedId}@example.org`,
  roles: [{ roleType: 'primary', role, org: ref('s') }],
  ...change,
})
export const seatRecord = (sourcedId: string, user: string, section: string, role: string) => ({
  sourcedId,
  class: ref(section),
  user: ref(user),
  school: ref('s'),
  role,
})
export const sectionRecord = (sourcedId: string, change: object = {}) => ({
  sourcedId,
  title: sourcedId,
  course: ref('c'),
  school: ref('s'),
  terms: [ref('t')],
  ...change,
})
export const termRecord = (sourcedId: string, change: object = {}) => ({
  sourcedId,
  title: sourcedId,
  type: 'term',
  startDate: '2000-01-01',
  endDate: '2999-01-01',
  schoolYear: '2031',
  ...change,
})

export const pairRecord = (student: string, guardian: string, change: object = {}) => ({
  student: ref(student),
  guardian: ref(guardian),
  ...change,
})

export type SentEvent = { id?: string; occurredAt?: string; data: object }
export const toEvent = (
  type: EventType,
  action: EventAction,
  { id = randomId(), occurredAt = new Date().toISOString(), data }: SentEvent,
) => ({
  id,
  type,
  action,
  occurredAt,
  data,
})
