import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** What the pager knows it by (`domain/alerts`). */
  dedupKey: p.text().primary(),
  beganAt: p.datetime().defaultRaw('now()'),
  /** When somebody last saw that it still holds. */
  seenAt: p.datetime().defaultRaw('now()'),
  /** When the pager last took it; null while nobody was paged. */
  raisedAt: p.datetime().nullable(),
  /** When somebody last set out to resolve it; null while it holds. */
  endingAt: p.datetime().nullable(),
}

export const openAlertClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  dedupKey: 'internal',
  beganAt: 'internal',
  seenAt: 'internal',
  raisedAt: 'internal',
  endingAt: 'internal',
}

/**
 * A state of trouble that lasts, from when it was first seen until it is resolved. All workers share it: whoever sees the trouble, and whoever
 * died meanwhile, there is one page and one end of it. Kept under the operations district.
 */
export const OpenAlertSchema = defineEntity({
  name: 'OpenAlert',
  tableName: 'open_alerts',
  ...districtWall,
  properties,
  indexes: [{ name: 'open_alerts_by_age', properties: ['districtId', 'beganAt'] }],
})
export class OpenAlert extends OpenAlertSchema.class {}
OpenAlertSchema.setClass(OpenAlert)
