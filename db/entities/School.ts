import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  name: p.text(),
}

export const schoolClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sourcedId: 'internal',
  name: 'internal',
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
