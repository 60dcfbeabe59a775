import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  studentId: p.uuid().primary(),
  /** Who refuses. */
  guardianId: p.uuid().primary(),
  createdAt: p.datetime().defaultRaw('now()'),
}

export const translationRefusalClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  studentId: 'internal',
  guardianId: 'internal',
  createdAt: 'internal',
}

/** A guardian refuses translation for a child: nothing that is written in the child's conversations goes to the provider, whoever writes it there. */
export const TranslationRefusalSchema = defineEntity({
  name: 'TranslationRefusal',
  tableName: 'translation_refusals',
  ...districtWall,
  properties,
})
export class TranslationRefusal extends TranslationRefusalSchema.class {}
TranslationRefusalSchema.setClass(TranslationRefusal)
