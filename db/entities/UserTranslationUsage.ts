import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  userId: p.uuid().primary(),
  /** How full the bucket was at `asOf`; it drains by the district's quota in a day. */
  asked: p.double(),
  asOf: p.datetime(),
}

export const userTranslationUsageClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  userId: 'internal',
  asked: 'internal',
  asOf: 'internal',
}

/** How many translations a person has asked for of late that were not there, as a bucket that drains (`domain/drainingBucket.ts`). */
export const UserTranslationUsageSchema = defineEntity({
  name: 'UserTranslationUsage',
  tableName: 'user_translation_usage',
  ...districtWall,
  properties,
})
export class UserTranslationUsage extends UserTranslationUsageSchema.class {}
UserTranslationUsageSchema.setClass(UserTranslationUsage)
