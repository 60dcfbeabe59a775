import { defineEntity, p } from '@mikro-orm/core'
import { userRoles } from '../../domain/access.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** The line’s own id; of OneRoster 1.1, which has none, `{user}:{org}` (no id of OneRoster has a colon). */
  sourcedId: p.text().primary(),
  userId: p.uuid(),
  orgSourcedId: p.text(),
  role: p.enum(() => userRoles),
  begins: p.date().nullable(),
  /** Exclusive; null while open. */
  ends: p.date().nullable(),
  /** By which the brake holds it. */
  id: p.uuid().defaultRaw('uuidv7()'),
}

export const orgRoleClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  sourcedId: 'pii',
  userId: 'internal',
  orgSourcedId: 'internal',
  role: 'internal',
  begins: 'internal',
  ends: 'internal',
  id: 'internal',
}

/** What a person is in an organisation: a line of roles.csv, or of OneRoster 1.1 a role on the user’s own line. `users.role` is made of them. */
export const OrgRoleSchema = defineEntity({
  name: 'OrgRole',
  tableName: 'org_roles',
  ...districtWall,
  properties,
  uniques: [{ name: 'org_roles_id_unique', properties: ['districtId', 'id'] }],
  indexes: [{ name: 'org_roles_of_user', properties: ['districtId', 'userId'] }],
})
export class OrgRole extends OrgRoleSchema.class {}
OrgRoleSchema.setClass(OrgRole)
