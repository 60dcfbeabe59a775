import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  schoolId: p.uuid(),
  courseId: p.uuid(),
  termId: p.uuid(),
  title: p.text(),
}

export const sectionClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sourcedId: 'internal',
  schoolId: 'internal',
  courseId: 'internal',
  termId: 'internal',
  title: 'internal',
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
