import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  version: p.bigint('number').primary(),
  /** Which run works on it (law 5). */
  attempt: p.integer().default(1),
  /** When that run was asked for. */
  askedAt: p.datetime().defaultRaw('clock_timestamp()'),
  /** When everything that follows was done; null meanwhile. */
  settledAt: p.datetime().nullable(),
}

export const rosterSettlementClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  version: 'internal',
  attempt: 'internal',
  askedAt: 'internal',
  settledAt: 'internal',
}

/** That something follows from a version of the roster: people to sign out, to tell, uploads to cancel. Access itself ended with the version. */
export const RosterSettlementSchema = defineEntity({
  name: 'RosterSettlement',
  tableName: 'roster_settlements',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_sweeper', 'select')],
  properties,
  indexes: [{ name: 'roster_settlements_open', properties: ['districtId', 'version'], where: 'settled_at is null' }],
})
export class RosterSettlement extends RosterSettlementSchema.class {}
RosterSettlementSchema.setClass(RosterSettlement)
