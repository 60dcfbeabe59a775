import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  schoolYear: p.integer().primary(),
  /** Which run works on it (law 5). */
  attempt: p.integer().default(1),
  /** How many channels were closed so far. */
  channels: p.integer().default(0),
  /** When everything that follows was done; null meanwhile. */
  settledAt: p.datetime().nullable(),
}

export const schoolYearEndClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  schoolYear: 'internal',
  attempt: 'internal',
  channels: 'internal',
  settledAt: 'internal',
}

/** What became of a school year that is over. Access itself ended with its terms. */
export const SchoolYearEndSchema = defineEntity({
  name: 'SchoolYearEnd',
  tableName: 'school_year_ends',
  ...districtWall,
  properties,
})
export class SchoolYearEnd extends SchoolYearEndSchema.class {}
SchoolYearEndSchema.setClass(SchoolYearEnd)
