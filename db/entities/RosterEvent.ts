import { defineEntity, p } from '@mikro-orm/core'
import { eventActions, eventOutcomes } from '../../domain/roster/rosterEvents.ts'
import { authorKinds } from './RosterSync.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  action: p.enum(() => eventActions),
  /** As OneRoster names the collection, and `guardianships`. */
  file: p.text(),
  /** Of a guardianship the student’s and the guardian’s, with a blank between. */
  sourcedId: p.text(),
  /** When it happened, as the sender says; never later than when it came. */
  sourceAt: p.datetime(),
  receivedAt: p.datetime().defaultRaw('now()'),
  authorKind: p.enum(() => authorKinds),
  author: p.text(),
  outcome: p.enum(() => eventOutcomes),
  rosterVersion: p.bigint('number').nullable(),
  /** Keyed hash of what was taken of it, so that the same id with something else is found out. */
  fingerprint: p.blob(),
  endingCount: p.integer().default(0),
}

export const rosterEventClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  action: 'internal',
  file: 'internal',
  sourcedId: 'pii',
  sourceAt: 'internal',
  receivedAt: 'internal',
  authorKind: 'internal',
  author: 'internal',
  outcome: 'internal',
  rosterVersion: 'internal',
  fingerprint: 'secret',
  endingCount: 'internal',
}

/** A single change that a machine of the district sent, and what became of it. */
export const RosterEventSchema = defineEntity({
  name: 'RosterEvent',
  tableName: 'roster_events',
  ...districtWall,
  properties,
  indexes: [{ name: 'roster_events_newest', properties: ['districtId', 'receivedAt', 'id'] }],
})
export class RosterEvent extends RosterEventSchema.class {}
RosterEventSchema.setClass(RosterEvent)
