/**
 * What a person is, in our words. `staff` is everybody whom a role alone connects with nobody: proctors, counselors, and every kind of
 * administrator. A feed makes no administrators of ours: who may audit is for the district to say, not for an export.
 */
export type TakenRole = 'student' | 'teacher' | 'aide' | 'guardian' | 'staff'

/** What somebody is in a section. */
export type EnrollmentRole = 'student' | 'teacher' | 'aide'

/** The roles of OneRoster 1.1 (on users) and 1.2 (in roles.csv). */
export const userRoles: Readonly<Record<string, TakenRole>> = {
  student: 'student',
  teacher: 'teacher',
  aide: 'aide',
  guardian: 'guardian',
  parent: 'guardian',
  relative: 'guardian',
  administrator: 'staff',
  counselor: 'staff',
  districtAdministrator: 'staff',
  principal: 'staff',
  proctor: 'staff',
  siteAdministrator: 'staff',
  systemAdministrator: 'staff',
}

/** Null: a role in a section that connects nobody, so the row is left out. `aide` is not of the specification, and feeds write it. */
export const enrollmentRoles: Readonly<Record<string, EnrollmentRole | null>> = {
  student: 'student',
  teacher: 'teacher',
  aide: 'aide',
  administrator: null,
  proctor: null,
}
