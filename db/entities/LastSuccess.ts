import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** The check or schedule: `synthetic-eicar`. */
  name: p.text().primary(),
  /** Since when success is expected: a check that never succeeded is as old as this. */
  expectedSince: p.datetime().defaultRaw('now()'),
  succeededAt: p.datetime().nullable(),
}

export const lastSuccessClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  name: 'internal',
  expectedSince: 'internal',
  succeededAt: 'internal',
}

/** When something that must happen again and again last did. Kept under the operations district. */
export const LastSuccessSchema = defineEntity({
  name: 'LastSuccess',
  tableName: 'last_successes',
  ...districtWall,
  properties,
})
export class LastSuccess extends LastSuccessSchema.class {}
LastSuccessSchema.setClass(LastSuccess)
