import { defineEntity, p } from '@mikro-orm/core'
import { enrollmentRoles } from '../../domain/roster/roles.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  userId: p.uuid(),
  sectionId: p.uuid(),
  role: p.enum(() => enrollmentRoles),
  /** Null: as the section’s terms. */
  begins: p.date().nullable(),
  /** Exclusive; null while open. The section's term ends it in any case. */
  ends: p.date().nullable(),
  sinceVersion: p.bigint('number'),
  /** Null on the row that holds now: only such rows can connect people. */
  untilVersion: p.bigint('number').nullable(),
}

export const enrollmentClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  // SISes make it of the person's own number.
  sourcedId: 'pii',
  userId: 'internal',
  sectionId: 'internal',
  role: 'internal',
  begins: 'internal',
  ends: 'internal',
  sinceVersion: 'internal',
  untilVersion: 'internal',
}

/** A person in a section, with the interval of dates and of roster versions in which it holds. */
export const EnrollmentSchema = defineEntity({
  name: 'Enrollment',
  tableName: 'enrollments',
  ...districtWall,
  properties,
  indexes: [
    { name: 'enrollments_ended_of_user', properties: ['districtId', 'userId'], where: 'until_version is not null' },
    {
      name: 'enrollments_ended_of_section',
      properties: ['districtId', 'sectionId', 'role', 'userId'],
      where: 'until_version is not null',
    },
    {
      name: 'enrollments_of_user',
      properties: ['districtId', 'userId', 'role', 'sectionId', 'begins', 'ends'],
      where: 'until_version is null',
    },
    {
      name: 'enrollments_of_section',
      properties: ['districtId', 'sectionId', 'role', 'userId', 'begins', 'ends'],
      where: 'until_version is null',
    },
  ],
  uniques: [{ name: 'enrollments_current_sourced_id', properties: ['districtId', 'sourcedId'], where: 'until_version is null' }],
})
export class Enrollment extends EnrollmentSchema.class {}
EnrollmentSchema.setClass(Enrollment)
