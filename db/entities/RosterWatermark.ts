import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  file: p.text().primary(),
  bulkAt: p.datetime(),
}

export const rosterWatermarkClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  file: 'internal',
  bulkAt: 'internal',
}

/** How new the newest bulk of a file is: it speaks for every id, those that it does not have included. */
export const RosterWatermarkSchema = defineEntity({
  name: 'RosterWatermark',
  tableName: 'roster_watermarks',
  ...districtWall,
  properties,
})
export class RosterWatermark extends RosterWatermarkSchema.class {}
RosterWatermarkSchema.setClass(RosterWatermark)
