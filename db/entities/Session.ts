import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  /** SHA-256 of the opaque 256-bit token; the token itself is never stored. */
  tokenHash: p.blob(),
  userId: p.uuid(),
  createdAt: p.datetime().defaultRaw('now()'),
  expiresAt: p.datetime(),
  endedAt: p.datetime().nullable(),
}

export const sessionClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  tokenHash: 'secret',
  userId: 'internal',
  createdAt: 'internal',
  expiresAt: 'internal',
  endedAt: 'internal',
}

export const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_auth', 'select')],
  properties,
  uniques: [{ name: 'sessions_token_hash_unique', properties: ['tokenHash'] }],
  indexes: [{ name: 'sessions_of_user', properties: ['districtId', 'userId'] }],
})
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session)
