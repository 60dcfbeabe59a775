import { createHouseholds } from './roster/createHouseholds.ts'
import { createPersonFactory, pickNameList } from './roster/createPerson.ts'
import { createRandom } from './roster/createRandom.ts'
import { createTimetable } from './roster/createTimetable.ts'
import type { Day, RosterRows, SchoolRow, TermRow, UserRow } from './roster/rosterRows.ts'
import { toSchoolYear } from './roster/schoolYear.ts'

export type RosterSize = {
  schools: number
  teachers: number
  students: number
  guardians: number
  administrators: number
  aides: number
  sectionsPerSchool: number
  sectionsPerStudent: number
}

/** The district of the demo and of `npm run stack`. */
export const sampleSize: RosterSize = {
  schools: 2,
  teachers: 40,
  students: 800,
  guardians: 1_200,
  administrators: 4,
  aides: 6,
  sectionsPerSchool: 50,
  sectionsPerStudent: 5,
}

/** A second district, for trying the wall between two. */
export const tinySize: RosterSize = {
  schools: 1,
  teachers: 2,
  students: 6,
  guardians: 8,
  administrators: 1,
  aides: 1,
  sectionsPerSchool: 3,
  sectionsPerStudent: 2,
}

const sampleTimeZone = 'America/Chicago'

/** The day in the sample districts at this instant, `YYYY-MM-DD`. */
export const toSampleDay = (instant: Date): string =>
  // Canada writes days the way ISO 8601 does.
  new Intl.DateTimeFormat('en-CA', { timeZone: sampleTimeZone }).format(instant)

const schoolNames = ['Cedar Hollow Elementary', 'Marrow Creek High', 'Tern Island Middle', 'Larkspur Academy']

export type RosterOptions = {
  seed: number
  name: string
  /** What people's e-mail addresses end in, under example.org. */
  domain: string
  /** `YYYY-MM-DD`. The terms are those of the school year that contains it. */
  today: string
  size: RosterSize
}

const createTerms = (newId: () => string, today: string): [TermRow, TermRow, TermRow] => {
  const { schoolYear, begins, middle, ends } = toSchoolYear(today)
  const term = (sourcedId: string, title: string, from: Day, to: Day): TermRow => ({
    id: newId(),
    sourcedId: `${sourcedId}-${schoolYear}`,
    title,
    schoolYear,
    begins: from,
    ends: to,
  })
  return [
    term('year', 'Full year', begins, ends),
    term('semester-1', 'First semester', begins, middle),
    term('semester-2', 'Second semester', middle, ends),
  ]
}

const dealOut = <T>(items: readonly T[], hands: number): T[][] =>
  Array.from({ length: hands }, (_, hand) => items.filter((_item, index) => index % hands === hand))

/** One teacher has a child in the district, in somebody else's section: two relations, one person. */
const addTeachingGuardian = (rows: RosterRows, newId: () => string, yearBegins: Day): void => {
  const teacher = rows.users.find((user) => user.role === 'teacher')
  if (!teacher) return
  const own = new Set(rows.enrollments.filter((enrollment) => enrollment.userId === teacher.id).map((enrollment) => enrollment.sectionId))
  const taught = new Set(rows.enrollments.filter((enrollment) => own.has(enrollment.sectionId)).map((enrollment) => enrollment.userId))
  const child = rows.users.find((user) => user.role === 'student' && !taught.has(user.id))
  if (!child) return
  rows.guardianships.push({
    id: newId(),
    guardianId: teacher.id,
    studentId: child.id,
    relation: 'parent',
    custody: 'permitted',
    begins: yearBegins,
    ends: null,
  })
}

/**
 * One district's whole roster, the same for the same options: no clock and no chance but the seed.
 * Every teacher and student has a section; brothers and sisters share guardians; some custody is denied or unconfirmed.
 */
export const createRoster = (options: RosterOptions): RosterRows => {
  const { size } = options
  const random = createRandom(options.seed)
  // Ids carry the first day of the school year, so that they do not change from one day to the next.
  const yearBegins = toSchoolYear(options.today).begins
  const newId = (): string => random.uuid(Date.parse(yearBegins))
  const createPerson = createPersonFactory({ random, newId, domain: options.domain })
  const createStaff = (role: UserRow['role'], count: number): UserRow[] =>
    Array.from({ length: count }, () => createPerson(role, pickNameList(random)))

  const district = { id: newId(), name: options.name, timeZone: sampleTimeZone }
  const schools: SchoolRow[] = Array.from({ length: size.schools }, (_, index) => ({
    id: newId(),
    sourcedId: `school-${index + 1}`,
    name: schoolNames[index % schoolNames.length] ?? 'School',
  }))
  const terms = createTerms(newId, options.today)
  const teachers = createStaff('teacher', size.teachers)
  const aides = createStaff('aide', size.aides)
  const administrators = createStaff('staff', size.administrators)
  const households = createHouseholds(random, createPerson, { students: size.students, guardians: size.guardians, yearBegins, newId })
  const students = households.flatMap((household) => household.students)
  const timetable = createTimetable(random, {
    schools,
    // Four in six sections run all year.
    terms: [terms[0], terms[0], terms[0], ...terms],
    teachersBySchool: dealOut(teachers, size.schools),
    studentsBySchool: dealOut(students, size.schools),
    aides,
    sectionsPerSchool: size.sectionsPerSchool,
    sectionsPerStudent: size.sectionsPerStudent,
    yearBegins,
    newId,
  })
  const rows: RosterRows = {
    district,
    schools,
    terms,
    ...timetable,
    users: [...administrators, ...teachers, ...aides, ...students, ...households.flatMap((household) => household.guardians)],
    guardianships: households.flatMap((household) => household.guardianships),
  }
  addTeachingGuardian(rows, newId, yearBegins)
  return rows
}

/** The sample district: two schools, 40 teachers, 800 students, 1,200 guardians. */
export const createSampleRoster = (today: string): RosterRows =>
  createRoster({ seed: 20_260_901, name: 'Cedar Hollow Schools', domain: 'cedar-hollow.example.org', today, size: sampleSize })

/** A tiny district beside it, whose people must never see the first. */
export const createNeighbourRoster = (today: string): RosterRows =>
  createRoster({ seed: 77, name: 'Tern Island District', domain: 'tern-island.example.org', today, size: tinySize })
