import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** Its first day, in the district's time zone. */
  month: p.date().primary(),
  /** Unicode code points that were sent to the provider. */
  characters: p.bigint('number'),
  /** When its administrators were told that most of the budget is used, and that all of it is. */
  warnedAt: p.datetime().nullable(),
  exhaustedAt: p.datetime().nullable(),
}

export const translationUsageClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  month: 'internal',
  characters: 'internal',
  warnedAt: 'internal',
  exhaustedAt: 'internal',
}

/** What a district had translated in a month. */
export const TranslationUsageSchema = defineEntity({
  name: 'TranslationUsage',
  tableName: 'translation_usage',
  ...districtWall,
  properties,
  checks: [{ name: 'translation_usage_is_counted', expression: 'characters >= 0' }],
})
export class TranslationUsage extends TranslationUsageSchema.class {}
TranslationUsageSchema.setClass(TranslationUsage)
