import { defineEntity, p } from '@mikro-orm/core'
import { rosterSubjects } from '../../domain/roster/subjects.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  syncId: p.uuid().primary(),
  subject: p.enum(() => rosterSubjects).primary(),
  lines: p.integer().default(0),
  taken: p.integer().default(0),
  rejected: p.integer().default(0),
  leftOut: p.integer().default(0),
  added: p.integer().default(0),
  changed: p.integer().default(0),
  removed: p.integer().default(0),
  suspended: p.integer().default(0),
  restored: p.integer().default(0),
  /** How many there were before, of which the brake reckons the share. */
  active: p.integer().default(0),
}

export const rosterSyncCountClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  syncId: 'internal',
  subject: 'internal',
  lines: 'internal',
  taken: 'internal',
  rejected: 'internal',
  leftOut: 'internal',
  added: 'internal',
  changed: 'internal',
  removed: 'internal',
  suspended: 'internal',
  restored: 'internal',
  active: 'internal',
}

/** What one sync did to one kind of row. Counts of lines are of the file that says it; guardianships have no file of their own. */
export const RosterSyncCountSchema = defineEntity({
  name: 'RosterSyncCount',
  tableName: 'roster_sync_counts',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_oncall', 'select')],
  properties,
})
export class RosterSyncCount extends RosterSyncCountSchema.class {}
RosterSyncCountSchema.setClass(RosterSyncCount)
