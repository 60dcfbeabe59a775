import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'
import { scopesCheck } from './ApiClient.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  /** SHA-256 of the opaque 256-bit token; the token itself is never stored. */
  tokenHash: p.blob(),
  clientId: p.uuid(),
  scopes: p.array(),
  createdAt: p.datetime().defaultRaw('now()'),
  expiresAt: p.datetime(),
}

export const clientTokenClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  tokenHash: 'secret',
  clientId: 'internal',
  scopes: 'internal',
  createdAt: 'internal',
  expiresAt: 'internal',
}

/** What a machine of a district shows for an hour. Dies with its client. */
export const ClientTokenSchema = defineEntity({
  name: 'ClientToken',
  tableName: 'client_tokens',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_auth', 'select')],
  properties,
  uniques: [{ name: 'client_tokens_token_hash_unique', properties: ['tokenHash'] }],
  checks: [{ name: 'client_tokens_scopes_check', expression: scopesCheck }],
  indexes: [{ name: 'client_tokens_by_age', properties: ['districtId', 'expiresAt'] }],
})
export class ClientToken extends ClientTokenSchema.class {}
ClientTokenSchema.setClass(ClientToken)
