import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

/** `columns` seals columns; `lookup` keys the hashes by which sealed columns are found. */
export const dataKeyPurposes = ['columns', 'lookup'] as const
export type DataKeyPurpose = (typeof dataKeyPurposes)[number]

const properties = {
  districtId: p.uuid().primary(),
  purpose: p.enum(() => dataKeyPurposes).primary(),
  epoch: p.integer().primary(),
  /** Under the district's key in the key service. */
  wrapped: p.blob(),
  createdAt: p.datetime().defaultRaw('now()'),
  /** Nobody seals with it before then, so that every process knows it by the time one does. */
  activatesAt: p.datetime(),
  retiredAt: p.datetime().nullable(),
}

export const dataKeyClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  purpose: 'internal',
  epoch: 'internal',
  wrapped: 'secret',
  createdAt: 'internal',
  activatesAt: 'internal',
  retiredAt: 'internal',
}

/** A wrapped key of a district. In a schema of its own, which database backups leave out (law 10). */
export const DataKeySchema = defineEntity({ name: 'DataKey', schema: 'keys', tableName: 'data_keys', ...districtWall, properties })
export class DataKey extends DataKeySchema.class {}
DataKeySchema.setClass(DataKey)
