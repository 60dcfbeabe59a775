import { readCustody } from './custody.ts'
import type { FeedVersion, TakenFile } from './feedFiles.ts'
import type { FieldReader } from './fieldReader.ts'
import { toGrades } from './grades.ts'
import { readBoolean, readDay, readOptionalDay, readOptionalText, readText, readWord, readYear } from './readField.ts'
import type { NoteCode } from './rejectCodes.ts'
import { enrollmentRoleOf, userRoleOf } from './roles.ts'
import type { OrgType, RosterRow, TermType } from './rosterRow.ts'

const orgTypes: Readonly<Record<string, OrgType>> = {
  school: 'school',
  district: 'district',
  department: 'department',
  local: 'local',
  state: 'state',
  national: 'national',
}
const termTypes: Readonly<Record<string, TermType>> = {
  schoolYear: 'schoolYear',
  semester: 'semester',
  term: 'term',
  gradingPeriod: 'gradingPeriod',
}

/** The rows that a line becomes. Undefined: a fault was noted, or a note says why the line is left out. */
type ToRows = (sourcedId: string, fields: FieldReader) => RosterRow[] | undefined

const toOrg: ToRows = (sourcedId, fields) => {
  const name = fields.read('name', readText)
  const type = fields.read('type', (value) => readWord<OrgType>(value, orgTypes, 'other'))
  return name === undefined || type === undefined ? undefined : [{ kind: 'org', sourcedId, name, type }]
}

const toTerm: ToRows = (sourcedId, fields) => {
  const title = fields.read('title', readText)
  const type = fields.read('type', (value) => readWord<TermType>(value, termTypes, 'other'))
  const begins = fields.read('startDate', readDay)
  const ends = fields.read('endDate', readDay)
  const schoolYear = fields.read('schoolYear', readYear)
  if (title === undefined || type === undefined || begins === undefined || ends === undefined || schoolYear === undefined) return undefined
  // The end is exclusive, so a term that ends when it begins is none.
  if (ends <= begins) return fields.fault('endDate', 'period-reversed')
  return [{ kind: 'term', sourcedId, title, type, schoolYear, begins, ends }]
}

const toCourse: ToRows = (sourcedId, fields) => {
  const title = fields.read('title', readText)
  return title === undefined ? undefined : [{ kind: 'course', sourcedId, title }]
}

const toSection: ToRows = (sourcedId, fields) => {
  const title = fields.read('title', readText)
  const courseSourcedId = fields.refer('courseSourcedId', 'courses')
  const schoolSourcedId = fields.refer('schoolSourcedId', 'orgs')
  const termSourcedIds = toRequired(fields, 'termSourcedIds', 'academicSessions')
  if (title === undefined || courseSourcedId === undefined || schoolSourcedId === undefined || termSourcedIds.length === 0) return undefined
  return [{ kind: 'section', sourcedId, title, courseSourcedId, schoolSourcedId, termSourcedIds, grades: fields.list('grades', toGrades) }]
}

/** A list of which at least one must be left. */
const toRequired = (fields: FieldReader, column: string, file: TakenFile): string[] => {
  const faultsBefore = fields.faults().length
  const ids = fields.referToSome(column, file)
  if (ids.length === 0 && fields.faults().length === faultsBefore) fields.fault(column, 'required-missing')
  return ids
}

const toUser =
  (version: FeedVersion): ToRows =>
  (sourcedId, fields) => {
    const isEnabled = fields.read('enabledUser', readBoolean)
    const givenName = fields.read('givenName', readText)
    const familyName = fields.read('familyName', readText)
    const email = fields.read('email', readOptionalText)
    const phone = fields.read('phone', readOptionalText)
    const roles = version === '1.1' ? toUserRoles(sourcedId, fields) : []
    const agents = fields.referToSome('agentSourcedIds', 'users')
    if (isEnabled === undefined || givenName === undefined || familyName === undefined) return undefined
    if (email === undefined || phone === undefined || roles === undefined) return undefined
    const custody = readCustody(fields.custodyWord(), fields.custody)
    const language = fields.language()
    return [
      { kind: 'user', sourcedId, givenName, familyName, email, phone, isEnabled, custody, language },
      ...roles,
      ...agents.map((agentSourcedId): RosterRow => ({ kind: 'guardian-link', userSourcedId: sourcedId, agentSourcedId })),
    ]
  }

/** In 1.1 a user has one role in one or more organisations, on the user's own row. */
const toUserRoles = (userSourcedId: string, fields: FieldReader): RosterRow[] | undefined => {
  const role = fields.read('role', (value) => readWord(value, userRoleOf, null))
  const orgs = toRequired(fields, 'orgSourcedIds', 'orgs')
  if (role === undefined || orgs.length === 0) return undefined
  if (role === null) {
    fields.note('role-not-known')
    return []
  }
  return orgs.map((orgSourcedId) => ({ kind: 'role', sourcedId: null, userSourcedId, orgSourcedId, role, begins: null, ends: null }))
}

const toRole: ToRows = (sourcedId, fields) => {
  const userSourcedId = fields.refer('userSourcedId', 'users')
  const orgSourcedId = fields.refer('orgSourcedId', 'orgs')
  const role = fields.read('role', (value) => readWord(value, userRoleOf, null))
  const period = readPeriod(fields)
  if (userSourcedId === undefined || orgSourcedId === undefined || role === undefined || period === undefined) return undefined
  if (role === null) return leaveOut(fields, 'role-not-known')
  return [{ kind: 'role', sourcedId, userSourcedId, orgSourcedId, role, ...period }]
}

const toEnrollment: ToRows = (sourcedId, fields) => {
  const sectionSourcedId = fields.refer('classSourcedId', 'classes')
  const userSourcedId = fields.refer('userSourcedId', 'users')
  const role = fields.read('role', (value) => readWord(value, enrollmentRoleOf, null))
  const period = readPeriod(fields)
  if (sectionSourcedId === undefined || userSourcedId === undefined || role === undefined || period === undefined) return undefined
  if (role === null) return leaveOut(fields, 'role-connects-nobody')
  return [{ kind: 'enrollment', sourcedId, userSourcedId, sectionSourcedId, role, ...period }]
}

/** Both ends may be open. One that ends on the day it begins is what an SIS writes for somebody who never came. */
const readPeriod = (fields: FieldReader): { begins: string | null; ends: string | null } | undefined => {
  const begins = fields.read('beginDate', readOptionalDay)
  const ends = fields.read('endDate', readOptionalDay)
  if (begins === undefined || ends === undefined) return undefined
  if (begins !== null && ends !== null && ends < begins) return fields.fault('endDate', 'period-reversed')
  if (begins !== null && begins === ends) return leaveOut(fields, 'period-empty')
  return { begins, ends }
}

const leaveOut = (fields: FieldReader, note: NoteCode): undefined => {
  fields.note(note)
}

const toUserOf: Readonly<Record<FeedVersion, ToRows>> = { '1.1': toUser('1.1'), '1.2': toUser('1.2') }
const toOther: Readonly<Record<Exclude<TakenFile, 'users'>, ToRows>> = {
  orgs: toOrg,
  academicSessions: toTerm,
  courses: toCourse,
  classes: toSection,
  roles: toRole,
  enrollments: toEnrollment,
}

/** How a line of each file becomes rows. */
export const toRowsOf = (file: TakenFile, version: FeedVersion): ToRows => (file === 'users' ? toUserOf[version] : toOther[file])
