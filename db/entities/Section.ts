import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  schoolId: p.uuid(),
  courseId: p.uuid(),
  title: p.text(),
  /** The class’s, as OneRoster codes them; empty when the feed does not say. */
  grades: p.array().default([]),
  /** False once the district’s feed no longer has it. */
  isActive: p.boolean().default(true),
}

export const sectionClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sourcedId: 'internal',
  schoolId: 'internal',
  courseId: 'internal',
  title: 'internal',
  grades: 'internal',
  isActive: 'internal',
}

/** OneRoster `class`. */
export const SectionSchema = defineEntity({
  name: 'Section',
  tableName: 'sections',
  ...districtWall,
  properties,
  uniques: [{ name: 'sections_sourced_id_unique', properties: ['districtId', 'sourcedId'] }],
})
export class Section extends SectionSchema.class {}
SectionSchema.setClass(Section)
