import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'
import { authorKinds } from './RosterSync.ts'

/** Of `apiScopes`: a word more is a migration. */
export const scopesCheck = `scopes <@ array['roster.read', 'roster.write']`

const properties = {
  districtId: p.uuid().primary(),
  /** Also what it calls itself: the `client_id` of OAuth. */
  id: p.uuid().primary(),
  /** What the district calls the system. */
  name: p.text(),
  scopes: p.array(),
  /** SHA-256 of a secret of 256 random bits, which is shown once and never stored. */
  secretHash: p.blob(),
  /** Of the secret before the last rotation; it holds until `previousUntil`. */
  previousSecretHash: p.blob().nullable(),
  previousUntil: p.datetime().nullable(),
  authorKind: p.enum(() => authorKinds),
  author: p.text(),
  createdAt: p.datetime().defaultRaw('now()'),
  rotatedAt: p.datetime().nullable(),
  endedAt: p.datetime().nullable(),
}

export const apiClientClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  name: 'internal',
  scopes: 'internal',
  secretHash: 'secret',
  previousSecretHash: 'secret',
  previousUntil: 'internal',
  authorKind: 'internal',
  author: 'internal',
  createdAt: 'internal',
  rotatedAt: 'internal',
  endedAt: 'internal',
}

/** A machine of the district that may call the API: its SIS, or what moves files for it. */
export const ApiClientSchema = defineEntity({
  name: 'ApiClient',
  tableName: 'api_clients',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_auth', 'select')],
  properties,
  uniques: [{ name: 'api_clients_id_unique', properties: ['id'] }],
  indexes: [{ name: 'api_clients_open', properties: ['districtId'], where: 'ended_at is null' }],
  checks: [{ name: 'api_clients_scopes_check', expression: scopesCheck }],
})
export class ApiClient extends ApiClientSchema.class {}
ApiClientSchema.setClass(ApiClient)
