import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  sectionId: p.uuid().primary(),
  termId: p.uuid().primary(),
}

export const sectionTermClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  sectionId: 'internal',
  termId: 'internal',
}

/** A term that a section runs in. A section may run in several: it connects people while one of them runs. */
export const SectionTermSchema = defineEntity({
  name: 'SectionTerm',
  tableName: 'section_terms',
  ...districtWall,
  properties,
})
export class SectionTerm extends SectionTermSchema.class {}
SectionTermSchema.setClass(SectionTerm)
