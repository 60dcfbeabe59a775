import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

/** What a person may do beyond the roster. Holding one never opens a conversation that the roster does not. */
export const permissions = ['administer', 'audit', 'safety'] as const
export type Permission = (typeof permissions)[number]

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  userId: p.uuid(),
  permission: p.enum(() => permissions),
  /** Null: our staff, by a command that the audit log names. */
  authorId: p.uuid().nullable(),
  begins: p.datetime(),
  /** Exclusive; null while open. */
  ends: p.datetime().nullable(),
}

export const grantClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  userId: 'internal',
  permission: 'internal',
  authorId: 'internal',
  begins: 'internal',
  ends: 'internal',
}

export const GrantSchema = defineEntity({
  name: 'Grant',
  tableName: 'grants',
  ...districtWall,
  properties,
  indexes: [
    { name: 'grants_of_user', properties: ['districtId', 'userId', 'permission'] },
    { name: 'grants_administrators', properties: ['districtId', 'userId'], where: "permission = 'administer'" },
    { name: 'grants_safety', properties: ['districtId', 'userId'], where: "permission = 'safety'" },
  ],
})
export class Grant extends GrantSchema.class {}
GrantSchema.setClass(Grant)
