import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { barOncall, districtWall, windowFor } from '../districtPolicies.ts'

export const actorKinds = ['user', 'client', 'staff', 'system'] as const

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  /** Of the insert, by the database's clock: a trigger sets it, whatever the statement says. */
  at: p.datetime(),
  actorKind: p.enum(() => actorKinds),
  /** A user's id, a machine's id, a staff account's name, or the name of the part of the system that acted. */
  actor: p.text(),
  action: p.text(),
  targetKind: p.text(),
  target: p.text(),
  /** Why, as the privileged person gave it. */
  reason: p.text().nullable(),
  /** Ids, counts and enums only. */
  details: p.json<Record<string, string | number | boolean | null>>(),
  /** Null until sealed. The only column that is ever written after the insert. */
  batchNumber: p.integer().nullable(),
}

export const auditEntryClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  at: 'internal',
  actorKind: 'internal',
  actor: 'internal',
  action: 'internal',
  targetKind: 'internal',
  target: 'internal',
  reason: 'pii',
  details: 'internal',
  batchNumber: 'internal',
}

/** Who did what, when and why; inserted in the act's own transaction (law 11). */
export const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  ...districtWall,
  policies: [
    ...districtWall.policies,
    windowFor('hallpass_sweeper', 'select'),
    barOncall('oncall_is_staff', 'insert', { check: `actor_kind = 'staff' and batch_number is null` }),
  ],
  properties,
  indexes: [
    { name: 'audit_entries_unsealed', properties: ['districtId', 'id'], where: 'batch_number is null' },
    { name: 'audit_entries_of_target', properties: ['districtId', 'targetKind', 'target', 'id'] },
    { name: 'audit_entries_of_batch', properties: ['districtId', 'batchNumber', 'id'], where: 'batch_number is not null' },
    { name: 'audit_entries_downloads', properties: ['districtId', 'target', 'at'], where: `action = 'attachment.download'` },
  ],
})
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry)
