import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

/** `load`: a roster that was there before versions were written down, as a migration dated it; `removal`: removals that a brake held and the district approved, or discarded. */
export const rosterCauses = ['load', 'sync', 'event', 'removal', 'connection'] as const
export type RosterCause = (typeof rosterCauses)[number]

const properties = {
  districtId: p.uuid().primary(),
  version: p.bigint('number').primary(),
  at: p.datetime().defaultRaw('clock_timestamp()'),
  cause: p.enum(() => rosterCauses),
  /** The sync, the event or the connection; null for `load`. */
  causeId: p.uuid().nullable(),
}

export const rosterVersionClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  version: 'internal',
  at: 'internal',
  cause: 'internal',
  causeId: 'internal',
}

/** One transaction that changed the roster: when, and what asked for it. Enrollments, guardianships and changes name versions. */
export const RosterVersionSchema = defineEntity({
  name: 'RosterVersion',
  tableName: 'roster_versions',
  ...districtWall,
  properties,
  indexes: [{ name: 'roster_versions_at', properties: ['districtId', 'at'] }],
})
export class RosterVersion extends RosterVersionSchema.class {}
RosterVersionSchema.setClass(RosterVersion)
