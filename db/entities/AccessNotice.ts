import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  version: p.bigint('number').primary(),
  userId: p.uuid().primary(),
  /** When they were told, or were found to need no telling: reconnected since, gone, or without an address. */
  toldAt: p.datetime().nullable(),
  /** Until then no run but that of `claimedBy` tells them: their mail may be on its way. */
  claimedUntil: p.datetime().nullable(),
  /** The attempt of the run that tells them. */
  claimedBy: p.integer().nullable(),
}

export const accessNoticeClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  version: 'internal',
  userId: 'internal',
  toldAt: 'internal',
  claimedUntil: 'internal',
  claimedBy: 'internal',
}

/** That one person is told once of what one version of the roster closed for them, however many conversations that were. */
export const AccessNoticeSchema = defineEntity({
  name: 'AccessNotice',
  tableName: 'access_notices',
  ...districtWall,
  properties,
  indexes: [{ name: 'access_notices_open', properties: ['districtId', 'version'], where: 'told_at is null' }],
})
export class AccessNotice extends AccessNoticeSchema.class {}
AccessNoticeSchema.setClass(AccessNotice)
