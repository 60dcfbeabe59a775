import { defineEntity, p } from '@mikro-orm/core'
import { wordKinds } from '../../domain/language/wordKinds.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  language: p.text().primary(),
  /** As it was given; compared without case, accents and invisible characters. */
  term: p.text().primary(),
  kind: p.enum(() => wordKinds),
}

export const districtWordClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  language: 'internal',
  // Of whom a district is wary is its own business.
  term: 'pii',
  kind: 'internal',
}

/** A word or phrase that a district adds to what the language check knows. */
export const DistrictWordSchema = defineEntity({ name: 'DistrictWord', tableName: 'district_words', ...districtWall, properties })
export class DistrictWord extends DistrictWordSchema.class {}
DistrictWordSchema.setClass(DistrictWord)
