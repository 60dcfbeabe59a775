import { defineEntity, p } from '@mikro-orm/core'
import { orgTypes } from '../../domain/roster/rosterRow.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  name: p.text(),
  /** Every organisation is here; `school` is the usual one. */
  type: p.enum(() => orgTypes).default('school'),
  /** False once the district’s feed no longer has it. */
  isActive: p.boolean().default(true),
}

export const schoolClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sourcedId: 'internal',
  name: 'internal',
  type: 'internal',
  isActive: 'internal',
}

export const SchoolSchema = defineEntity({
  name: 'School',
  tableName: 'schools',
  ...districtWall,
  properties,
  uniques: [{ name: 'schools_sourced_id_unique', properties: ['districtId', 'sourcedId'] }],
})
export class School extends SchoolSchema.class {}
SchoolSchema.setClass(School)
