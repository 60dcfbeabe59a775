import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  schoolYear: p.integer().primary(),
  userId: p.uuid().primary(),
  /** When they were told, or were found to need no telling: gone, or without an address. */
  toldAt: p.datetime().nullable(),
  /** Until then no run but that of `claimedBy` tells them: their mail may be on its way. */
  claimedUntil: p.datetime().nullable(),
  /** The attempt of the run that tells them. */
  claimedBy: p.integer().nullable(),
}

export const schoolYearNoticeClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  schoolYear: 'internal',
  userId: 'internal',
  toldAt: 'internal',
  claimedUntil: 'internal',
  claimedBy: 'internal',
}

/** That one person is told once that the conversations of a school year are closed, however many they had. */
export const SchoolYearNoticeSchema = defineEntity({
  name: 'SchoolYearNotice',
  tableName: 'school_year_notices',
  ...districtWall,
  properties,
  indexes: [{ name: 'school_year_notices_open', properties: ['districtId', 'schoolYear', 'userId'], where: 'told_at is null' }],
})
export class SchoolYearNotice extends SchoolYearNoticeSchema.class {}
SchoolYearNoticeSchema.setClass(SchoolYearNotice)
