import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  title: p.text(),
  begins: p.date(),
  /** Exclusive: the first day on which the term's sections connect nobody (OneRoster `endDate`). */
  ends: p.date(),
  /** The calendar year in which the school year ends. */
  schoolYear: p.integer(),
  /** False once the district’s feed no longer has it. */
  isActive: p.boolean().default(true),
}

export const termClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sourcedId: 'internal',
  title: 'internal',
  begins: 'internal',
  ends: 'internal',
  schoolYear: 'internal',
  isActive: 'internal',
}

/** OneRoster academicSession. */
export const TermSchema = defineEntity({
  name: 'Term',
  tableName: 'terms',
  ...districtWall,
  properties,
  uniques: [{ name: 'terms_sourced_id_unique', properties: ['districtId', 'sourcedId'] }],
})
export class Term extends TermSchema.class {}
TermSchema.setClass(Term)
