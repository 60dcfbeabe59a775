import type { UserRole } from '../access.ts'

/** What somebody is in a section. */
export const enrollmentRoles = ['teacher', 'student', 'aide'] as const
export type EnrollmentRole = (typeof enrollmentRoles)[number]

/** The roles of OneRoster 1.1 (on users) and 1.2 (in roles.csv). A feed makes no administrators of ours: who may audit is for the district to say, not for an export. */
export const userRoleOf: Readonly<Record<string, UserRole>> = {
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
export const enrollmentRoleOf: Readonly<Record<string, EnrollmentRole | null>> = {
  student: 'student',
  teacher: 'teacher',
  aide: 'aide',
  administrator: null,
  proctor: null,
}
