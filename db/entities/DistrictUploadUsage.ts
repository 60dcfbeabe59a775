import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** How full the bucket was at `asOf`; it drains by the district's quota in a day. */
  files: p.double(),
  bytes: p.double(),
  asOf: p.datetime(),
}

export const districtUploadUsageClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  files: 'internal',
  bytes: 'internal',
  asOf: 'internal',
}

/** What a district has sent of late, as a bucket that drains (`domain/uploadQuotas.ts`). Apart from `districts`, whose row a roster sync may hold for long. */
export const DistrictUploadUsageSchema = defineEntity({
  name: 'DistrictUploadUsage',
  tableName: 'district_upload_usage',
  ...districtWall,
  properties,
})
export class DistrictUploadUsage extends DistrictUploadUsageSchema.class {}
DistrictUploadUsageSchema.setClass(DistrictUploadUsage)
