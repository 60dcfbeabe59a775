import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  objectKey: p.text().primary(),
  /** The key of the key service that wraps it: `district/{id}` or `safety`. */
  keyName: p.text(),
  wrapped: p.blob(),
  createdAt: p.datetime().defaultRaw('now()'),
}

export const objectKeyClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  objectKey: 'internal',
  keyName: 'internal',
  wrapped: 'secret',
  createdAt: 'internal',
}

/** The wrapped key of one encrypted object. In a schema of its own, which database backups leave out (law 10). */
export const ObjectKeySchema = defineEntity({
  name: 'ObjectKey',
  schema: 'keys',
  tableName: 'object_keys',
  ...districtWall,
  properties,
})
export class ObjectKey extends ObjectKeySchema.class {}
ObjectKeySchema.setClass(ObjectKey)
