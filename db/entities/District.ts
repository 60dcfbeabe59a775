import { defineEntity, p } from '@mikro-orm/core'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWallById, windowFor } from '../districtPolicies.ts'

/** `operations` is the one row under which acts of our own staff that concern no district are audited. */
export const districtKinds = ['district', 'operations'] as const

const properties = {
  id: p.uuid().primary(),
  kind: p.enum(() => districtKinds),
  name: p.text(),
  /** IANA name; "today" for every rule of access is the date here (law 1). */
  timeZone: p.text(),
  /** Counts roster applications; rows of the roster say from and until which version they hold. */
  rosterVersion: p.bigint('number').default(0),
  uploadBytesMax: p.integer().default(uploadLimits.bytesDefault),
  createdAt: p.datetime().defaultRaw('now()'),
}

export const districtClasses: ColumnClasses<typeof properties> = {
  id: 'internal',
  kind: 'internal',
  name: 'internal',
  timeZone: 'internal',
  rosterVersion: 'internal',
  uploadBytesMax: 'internal',
  createdAt: 'internal',
}

/** The tenant. */
export const DistrictSchema = defineEntity({
  name: 'District',
  tableName: 'districts',
  ...districtWallById,
  checks: [
    {
      name: 'districts_upload_bytes_max_check',
      expression: `upload_bytes_max >= 1 and upload_bytes_max <= ${uploadLimits.bytesCeiling}`,
    },
  ],
  policies: [...districtWallById.policies, windowFor('hallpass_sweeper', 'select')],
  properties,
})
export class District extends DistrictSchema.class {}
DistrictSchema.setClass(District)
