import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  title: p.text(),
  code: p.text().nullable(),
  /** False once the district’s feed no longer has it. */
  isActive: p.boolean().default(true),
}

export const courseClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sourcedId: 'internal',
  title: 'internal',
  code: 'internal',
  isActive: 'internal',
}

export const CourseSchema = defineEntity({
  name: 'Course',
  tableName: 'courses',
  ...districtWall,
  properties,
  uniques: [{ name: 'courses_sourced_id_unique', properties: ['districtId', 'sourcedId'] }],
})
export class Course extends CourseSchema.class {}
CourseSchema.setClass(Course)
