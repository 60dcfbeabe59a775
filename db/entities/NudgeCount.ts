import { defineEntity, p } from '@mikro-orm/core'
import { nudgeOutcomes } from '../../domain/nudge.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** In the district's time zone. */
  day: p.date().primary(),
  outcome: p.enum(() => nudgeOutcomes).primary(),
  count: p.integer(),
}

export const nudgeCountClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  day: 'internal',
  outcome: 'internal',
  count: 'internal',
}

/** How often authors were asked whether they mean to post a text, and what they did: nobody's id, and nothing of any text. */
export const NudgeCountSchema = defineEntity({ name: 'NudgeCount', tableName: 'nudge_counts', ...districtWall, properties })
export class NudgeCount extends NudgeCountSchema.class {}
NudgeCountSchema.setClass(NudgeCount)
