import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  version: p.integer().primary(),
  userId: p.uuid().primary(),
  acceptedAt: p.datetime(),
}

export const termsAcceptanceClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  version: 'internal',
  userId: 'internal',
  acceptedAt: 'internal',
}

/** That a person accepted a version of the terms of use, and when. Rows are added, never changed. */
export const TermsAcceptanceSchema = defineEntity({ name: 'TermsAcceptance', tableName: 'terms_acceptances', ...districtWall, properties })
export class TermsAcceptance extends TermsAcceptanceSchema.class {}
TermsAcceptanceSchema.setClass(TermsAcceptance)
