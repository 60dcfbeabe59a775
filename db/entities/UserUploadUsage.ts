import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  userId: p.uuid().primary(),
  /** How full the bucket was at `asOf`; it drains by the district's quota in a day. */
  files: p.double(),
  bytes: p.double(),
  asOf: p.datetime(),
}

export const userUploadUsageClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  userId: 'internal',
  files: 'internal',
  bytes: 'internal',
  asOf: 'internal',
}

/** What a person has sent of late, as a bucket that drains (`domain/uploadQuotas.ts`). The row is also the lock under which their tickets are counted. */
export const UserUploadUsageSchema = defineEntity({
  name: 'UserUploadUsage',
  tableName: 'user_upload_usage',
  ...districtWall,
  properties,
})
export class UserUploadUsage extends UserUploadUsageSchema.class {}
UserUploadUsageSchema.setClass(UserUploadUsage)
