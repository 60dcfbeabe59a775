import { defineEntity, p } from '@mikro-orm/core'
import { rosterChanges, rosterReasonCodes, rosterSubjects } from '../../domain/roster/subjects.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  version: p.bigint('number').primary(),
  /** The row’s id; of an enrollment or a guardianship, the interval’s. */
  subjectId: p.uuid().primary(),
  change: p.enum(() => rosterChanges).primary(),
  subject: p.enum(() => rosterSubjects),
  reason: p.enum(() => rosterReasonCodes),
  file: p.text().nullable(),
  /** Counts from 1, the header’s; null for what is in no line, such as what a bulk file no longer has. */
  line: p.integer().nullable(),
  /** What of the row decides access, and no other value; null for a new one. */
  before: p.json().nullable(),
  after: p.json().nullable(),
}

export const rosterChangeClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  version: 'internal',
  subjectId: 'internal',
  change: 'internal',
  subject: 'internal',
  reason: 'internal',
  file: 'internal',
  line: 'internal',
  before: 'pii',
  after: 'pii',
}

/** What one version of the roster changed, why, and by which line of which file. */
export const RosterChangeSchema = defineEntity({
  name: 'RosterChange',
  tableName: 'roster_changes',
  ...districtWall,
  properties,
  indexes: [{ name: 'roster_changes_of_subject', properties: ['districtId', 'subjectId', 'version'] }],
})
export class RosterChange extends RosterChangeSchema.class {}
RosterChangeSchema.setClass(RosterChange)
