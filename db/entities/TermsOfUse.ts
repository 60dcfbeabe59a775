import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** Counts from 1. The newest is the one that counts. */
  version: p.integer().primary(),
  /** Plain text or Markdown. The district's own, made for everybody of it to read. */
  text: p.text(),
  /** Null of the version that the district was made with. */
  publishedBy: p.uuid().nullable(),
  publishedAt: p.datetime(),
}

export const termsOfUseClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  version: 'internal',
  text: 'internal',
  publishedBy: 'internal',
  publishedAt: 'internal',
}

/** What a district asks of whoever writes. A version is never changed: the next one is published. */
export const TermsOfUseSchema = defineEntity({
  name: 'TermsOfUse',
  tableName: 'terms_of_use',
  ...districtWall,
  properties,
  checks: [{ name: 'terms_of_use_version_check', expression: 'version > 0' }],
})
export class TermsOfUse extends TermsOfUseSchema.class {}
TermsOfUseSchema.setClass(TermsOfUse)
