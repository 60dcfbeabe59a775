import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  file: p.text().primary(),
  sourcedId: p.text().primary(),
  sourceAt: p.datetime(),
}

export const rosterSourceClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  file: 'internal',
  sourcedId: 'pii',
  sourceAt: 'internal',
}

/** How new what is known of one id of a file is, where a delta or an event said it after the last bulk of that file. Also of what was removed, so that an older feed never brings it back. */
export const RosterSourceSchema = defineEntity({
  name: 'RosterSource',
  tableName: 'roster_sources',
  ...districtWall,
  properties,
})
export class RosterSource extends RosterSourceSchema.class {}
RosterSourceSchema.setClass(RosterSource)
