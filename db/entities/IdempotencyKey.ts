import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

export const idempotencyStatuses = ['in-progress', 'done'] as const

const properties = {
  districtId: p.uuid().primary(),
  /** Who repeats the request: a person, or a machine (`ApiClient`). */
  userId: p.uuid().primary(),
  key: p.text().primary(),
  route: p.text(),
  /** Keyed hash of the request, so that the same key with another body is found out without keeping the body. */
  fingerprint: p.blob(),
  status: p.enum(() => idempotencyStatuses),
  resultKind: p.text().nullable(),
  resultId: p.uuid().nullable(),
  createdAt: p.datetime().defaultRaw('now()'),
}

export const idempotencyKeyClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  userId: 'internal',
  key: 'secret',
  route: 'internal',
  fingerprint: 'secret',
  status: 'internal',
  resultKind: 'internal',
  resultId: 'internal',
  createdAt: 'internal',
}

/** What a POST with an `Idempotency-Key` led to, so that sending it again answers the same and does nothing. */
export const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  ...districtWall,
  properties,
  indexes: [{ name: 'idempotency_keys_by_age', properties: ['districtId', 'createdAt'] }],
})
export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey)
